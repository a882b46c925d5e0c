import { afterAll, describe, expect, inject, test } from "vitest";
import { requestTracker } from "../../src/adapters/request-tracker/index.ts";
import { filesIn } from "../../src/gateway/held-files.ts";
import { describeAdapter, withGateway } from "../../src/testing/index.ts";
import { temporaryFolder } from "../demo/folder.ts";
import { counted } from "../../src/testing/counted.ts";
import { backendOf, newMember, newUser, tokenOf, url } from "./request-tracker-desk.ts";

describe.skipIf(!inject("desks").includes("request-tracker"))("Request Tracker itself", async () => {
  const folder = await temporaryFolder();
  afterAll(folder.remove);

  const open = () =>
    requestTracker({
      url: url || "http://127.0.0.1",
      token: tokenOf("gateway") || "1-1-0",
      queue: "Support",
      fields: ["Product", "Topics", "Order number", "Steps", "Since"],
      files: filesIn(folder.path),
      pollMs: 200,
    });

  describeAdapter({
    name: "request-tracker",
    // 250 tickets, while other tests keep RT busy too.
    timeoutMs: 180_000,
    async create() {
      const { adapter, listeners } = counted(withGateway(open()));
      const { member, username, password } = await newUser();
      // One with an account at the desk, one that it hears of by the site's token alone.
      const members = [member, newMember()] as const;
      return {
        adapterFor: async () => adapter,
        backend: backendOf(listeners, members),
        members,
        credentials: { username, password },
        answers: { "Order number": "12345678" },
        dispose: async () => await adapter.dispose?.(),
      };
    },
  });

  test("the adapter has every part of tickets and files, so that no other case of the contract is skipped", () => {
    const adapter = withGateway(open());
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
    expect(Object.keys(adapter.uploads ?? {}).toSorted()).toEqual(["download", "limits", "upload"]);
    expect(Object.keys(adapter.accounts ?? {})).toEqual(["signIn"]);
  });
});
