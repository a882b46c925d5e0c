import { afterAll } from "vitest";
import { openDesk } from "../../demo/desk/desk.ts";
import { seed } from "../../demo/desk/seed.ts";
import { describeAdapter } from "../../src/testing/index.ts";
import { article } from "../adapters/articles.ts";
import { answers, form } from "../adapters/form.ts";
import { deskBackend } from "./backend.ts";
import { temporaryFolder } from "./folder.ts";

// All cases share a desk: the contract compares differences, and a busy desk is the harder test.
const folder = await temporaryFolder();
await seed({ directory: folder.path });
const desk = await openDesk({ directory: folder.path, fields: form });
afterAll(async () => {
  desk.close();
  await folder.remove();
});

let made = 0;

describeAdapter({
  name: "desk",
  async create() {
    made += 1;
    const username = `lena${made}`;
    const mine = { id: `lena-${made}`, name: "Lena", email: "lena@example.org", rank: "Gold" };
    await desk.addMember(mine, username, "geslo");
    return {
      adapterFor: async () => desk.adapter,
      backend: deskBackend(desk, folder.path),
      // One member has an account, the other is known only from the site's token.
      members: [mine, { id: `tone-${made}`, name: "Tone", email: "tone@example.org" }],
      credentials: { username, password: "geslo" },
      answers,
      article,
      dispose: async () => undefined,
    };
  },
});
