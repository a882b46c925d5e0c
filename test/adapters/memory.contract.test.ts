import { expect, test } from "vitest";
import { memory } from "../../src/adapters/memory/index.ts";
import { describeAdapter } from "../../src/testing/index.ts";
import { article, articles } from "./articles.ts";
import { answers, form } from "./form.ts";
import { ana, anasCredentials, boris } from "./members.ts";

describeAdapter({
  name: "memory",
  async create() {
    const adapter = memory({ accounts: [{ ...anasCredentials, member: ana }], fields: form, articles });
    return {
      adapterFor: async () => adapter,
      backend: adapter.agent,
      members: [ana, boris],
      credentials: anasCredentials,
      answers,
      article,
      dispose: async () => await adapter.dispose?.(),
    };
  },
});

test("the memory adapter has every part of the interface except the transcript by mail, so that no other case of the contract is skipped", () => {
  const adapter = memory({ accounts: [], articles });
  expect(Object.keys(adapter.tickets ?? {}).toSorted()).toEqual([
    "counts",
    "create",
    "events",
    "fields",
    "get",
    "limits",
    "list",
    "rate",
    "reply",
    "setStatus",
    "thread",
  ]);
  expect(Object.keys(adapter.chat ?? {}).toSorted()).toEqual([
    "availability",
    "close",
    "current",
    "events",
    "history",
    "last",
    "linkTicket",
    "markRead",
    "open",
    "rate",
    "send",
    "setTyping",
  ]);
  expect(Object.keys(adapter.uploads ?? {}).toSorted()).toEqual(["download", "limits", "upload"]);
  expect(Object.keys(adapter.accounts ?? {})).toEqual(["signIn"]);
  expect(Object.keys(adapter.articles ?? {}).toSorted()).toEqual(["get", "search"]);
});
