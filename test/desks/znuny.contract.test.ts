import { afterAll, describe, inject } from "vitest";
import { znuny } from "../../src/adapters/znuny/index.ts";
import { filesIn } from "../../src/gateway/held-files.ts";
import { counted } from "../../src/testing/counted.ts";
import { describeAdapter, withGateway } from "../../src/testing/index.ts";
import { temporaryFolder } from "../demo/folder.ts";
import { backendOf, newCustomer, newMember, options, password } from "./znuny-desk.ts";

describe.skipIf(!inject("desks").includes("znuny"))("Znuny", async () => {
  const folder = await temporaryFolder();
  const { adapter, listeners } = counted(
    withGateway(
      znuny({
        ...options,
        user: "contract",
        password: "contract-password",
        queue: "Contract",
        files: filesIn(folder.path),
      }),
    ),
  );
  afterAll(async () => {
    await adapter.dispose?.();
    await folder.remove();
  });

  describeAdapter({
    name: "znuny",
    // 250 tickets, each of which takes Znuny over 0.1 s.
    timeoutMs: 180_000,
    async create() {
      const { member, username } = await newCustomer();
      // One has a customer user, the other is unknown to Znuny.
      const members = [member, newMember()] as const;
      return {
        // Disposing of one adapter must not end the others' streams.
        adapterFor: async () => ({ ...adapter, dispose: async () => undefined }),
        backend: backendOf("Contract", members, listeners),
        members,
        credentials: { username, password },
        answers: { OrderNumber: "12345678" },
        dispose: async () => undefined,
      };
    },
  });
});
