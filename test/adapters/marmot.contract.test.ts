import { backendOf, counted } from "../../demo/examples/marmot/backend.ts";
import { startDesk } from "../../demo/examples/marmot/server.ts";
import { marmot } from "../../demo/examples/marmot/marmot.ts";
import { describeAdapter } from "../../src/testing/index.ts";

const key = "an-agents-key";

describeAdapter({
  name: "marmot",
  async create() {
    const desk = await startDesk({ key });
    const { adapter, listeners } = counted(marmot({ url: desk.url, key, pollMs: 20 }));
    return {
      adapterFor: async () => adapter,
      backend: backendOf(desk.url, key, listeners),
      members: [
        { id: "ana", name: "Ana", email: "ana@example.org" },
        { id: "boris", name: "Boris", email: "boris@example.org" },
      ],
      dispose: async () => desk.stop(),
    };
  },
  gaps: [
    {
      reason: "Marmot keeps names as they are; the gateway cleans them before the adapter sees the file",
      tests: ["a file arrives under any name, cleaned to one visible line that is no path or device name"],
    },
  ],
});
