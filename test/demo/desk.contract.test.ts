import { afterAll } from "vitest";
import { openDesk } from "../../demo/desk/desk.ts";
import { seed } from "../../demo/desk/seed.ts";
import { describeAdapter } from "../../src/testing/index.ts";
import { answers, form } from "../adapters/form.ts";
import { deskBackend } from "./backend.ts";
import { temporaryFolder } from "./folder.ts";

// One desk for all cases: the contract looks at differences, and a busy desk is the harder case.
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
      // One with an account, one that the desk knows only by the site's token.
      members: [mine, { id: `tone-${made}`, name: "Tone", email: "tone@example.org" }],
      credentials: { username, password: "geslo" },
      answers,
      dispose: async () => undefined,
    };
  },
});
