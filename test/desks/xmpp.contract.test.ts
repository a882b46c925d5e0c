import { afterAll, beforeAll, describe, inject } from "vitest";
import { xmpp, type XmppAdapter } from "../../src/adapters/xmpp/index.ts";
import { describeAdapter } from "../../src/testing/index.ts";
import type { XmppAgent } from "./xmpp-agent.ts";
import { xmppBackend, xmppServer } from "./xmpp-desk.ts";

describe.each(["prosody", "ejabberd"] as const)("%s", (name) => {
  describe.skipIf(!inject("desks").includes(name))("is running", () => {
    const server = xmppServer(name);
    const lobby = `contract-${Date.now()}`;
    // An address of its own: other files run at the same time.
    const options = server.options(lobby, { component: `chat-c.${server.domain}` });
    let adapter: XmppAdapter;
    let nina: XmppAgent;
    let made = 0;

    beforeAll(async () => {
      adapter = xmpp(options);
      const signal = AbortSignal.timeout(20_000);
      await adapter.chat.availability({ signal, locale: "en" });
      nina = await server.agent("petra", "Nina", lobby);
    });
    afterAll(async () => {
      await nina?.close();
      await adapter?.dispose?.();
    });

    describeAdapter({
      name: `xmpp on ${name}`,
      async create() {
        made += 1;
        return {
          adapterFor: async () => adapter,
          backend: xmppBackend(nina, adapter, options),
          members: [
            { id: `ana-${lobby}-${made}`, name: "Ana Novak", email: "ana@example.org" },
            { id: `boris-${lobby}-${made}`, name: "Борис 李 👋", email: "boris@example.org" },
          ],
          dispose: async () => undefined,
        };
      },
      gaps: [],
    });
  });
});
