import { afterAll, beforeAll, describe, inject } from "vitest";
import { mailbox } from "../../src/adapters/mailbox/index.ts";
import type { Member } from "../../src/core/contract/adapter.ts";
import { describeAdapter } from "../../src/testing/index.ts";
import { temporaryFolder } from "../demo/folder.ts";
import { counted } from "../../src/testing/counted.ts";
import { mailboxDesk } from "./mailbox-desk.ts";

const folder = await temporaryFolder();

describe.skipIf(!inject("desks").includes("mailbox"))("A mailbox", () => {
  const desk = mailboxDesk("contract", folder.path);
  const { adapter, listeners } = counted(mailbox(desk.options));
  // A folder that is asked for has to be there.
  beforeAll(async () => await desk.within(desk.site, "INBOX", async () => undefined));
  afterAll(async () => {
    await adapter.dispose?.();
    await folder.remove();
  });

  describeAdapter({
    name: "mailbox",
    // 250 mails, each to its recipient.
    timeoutMs: 90_000,
    async create() {
      const name = crypto.randomUUID().slice(0, 13);
      const me: Member = { id: `site-${name}`, name: "Lena Novak", email: `lena.${name}@example.org` };
      const them: Member = { id: `site-2-${name}`, name: "Tone", email: `tone.${name}@example.org` };
      return {
        // One that is disposed of must not take the others' streams with it.
        adapterFor: async () => ({ ...adapter, dispose: async () => undefined }),
        backend: desk.backend([me, them], listeners),
        members: [me, them],
        answers: { order: "BR-204816" },
        dispose: async () => undefined,
      };
    },
  });
});
