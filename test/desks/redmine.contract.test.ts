import { afterAll, describe, inject } from "vitest";
import { redmine } from "../../src/adapters/redmine/index.ts";
import type { Member } from "../../src/core/contract/adapter.ts";
import { describeAdapter, withGateway } from "../../src/testing/index.ts";
import { counted } from "../../src/testing/counted.ts";
import { password, redmineDesk } from "./redmine-desk.ts";

describe.skipIf(!inject("desks").includes("redmine"))("Redmine", () => {
  const desk = redmineDesk("contract");
  const { adapter, listeners } = counted(withGateway(redmine(desk.options)));
  afterAll(async () => await adapter.dispose?.());

  describeAdapter({
    name: "redmine",
    // 250 tickets, each read by the feed too, at a Redmine that takes one call after the other.
    timeoutMs: 180_000,
    async create() {
      const login = `lena-${crypto.randomUUID().slice(0, 13)}`;
      const id = await desk.makeUser(login);
      const me: Member = { id: `redmine-${id}`, name: "Lena Novak", email: `${login}@example.org` };
      // One with an account, one whom Redmine has never heard of.
      const them: Member = { id: `site-${login}`, name: "Tone", email: `tone.${login}@example.org` };
      return {
        // One that is disposed of must not take the others' streams with it.
        adapterFor: async () => ({ ...adapter, dispose: async () => undefined }),
        backend: desk.backend([me, them], listeners),
        members: [me, them],
        credentials: { username: login, password },
        answers: { [await desk.fieldKey("Order number")]: "BR-204816" },
        dispose: async () => undefined,
      };
    },
  });
});
