import { expect } from "vitest";
import * as v from "valibot";
import type { XmppOptions } from "../../src/adapters/xmpp/index.ts";
import { audience, siteSecret } from "../gateway/server.ts";
import { podpora, type Podpora } from "../server/process.ts";
import { KEY } from "./xmpp-desk.ts";

/** Two copies of the gateway with a desk for tickets and a server for chat. */
export interface ChaosSite {
  readonly name: string;
  /** Ends the first copy at once, and starts it again. */
  killCopy(): Promise<void>;
  /** What `/readyz` of each copy answers. */
  readiness(): Promise<readonly number[]>;
  /** The last errors that a copy has told. */
  troubles(): readonly string[];
  /** In megabytes, of the copy that is never killed. */
  memory(): Promise<{ readonly heap: number; readonly resident: number }>;
}

export interface ChaosSiteOptions {
  readonly name: string;
  readonly redis: string;
  /** How `podpora.config.ts` makes the adapter for tickets: its module, its function, and its options. */
  readonly tickets: readonly [module: string, name: string, options: object];
  readonly chat: XmppOptions;
  /** The addresses of the two copies at the XMPP server. */
  readonly components: readonly string[];
  readonly ports: readonly number[];
  readonly management: readonly number[];
}

const from = (path: string) => JSON.stringify(new URL(`../../src/${path}`, import.meta.url).href);

export async function openChaosSite(options: ChaosSiteOptions): Promise<ChaosSite> {
  const { chat, components, management, name, ports, redis, tickets } = options;
  const [module, adapter, desk] = tickets;

  async function startCopy(index: number): Promise<Podpora> {
    const own = { ...chat, component: components[index], copies: components };
    const config = `
import { defineConfig, secret } from ${from("server/index.ts")};
import { combine } from ${from("adapters/combine/index.ts")};
import { ${adapter} } from ${from(module)};
import { xmpp } from ${from("adapters/xmpp/index.ts")};
export default defineConfig({
  adapter: combine({ tickets: ${adapter}(${JSON.stringify(desk)}), chat: xmpp(${JSON.stringify(own)}) }),
  secret: secret("PODPORA_SECRET"),
  identity: { secret: secret("SITE_SECRET"), audience: ${JSON.stringify(audience)} },
  uploads: { directory: "uploads" },
  redis: ${JSON.stringify(redis)},
  basePath: "/podpora",
  proxies: 1,
  publicOrigin: "https://${name}.example.org",
  // All members come from one address here.
  limits: { requests: { capacity: 100_000, refillMs: 1 } },
  assets: async () => undefined,
  port: ${ports[index]},
  management: { port: ${management[index]} },
});`;
    const copy = await podpora(["serve"], config, { PODPORA_SECRET: KEY, SITE_SECRET: siteSecret });
    await expect.poll(() => copy.out() + copy.err(), { timeout: 20_000 }).toContain('"msg":"started"');
    return copy;
  }

  let [first, second] = await Promise.all([startCopy(0), startCopy(1)]);
  return {
    name,
    async killCopy() {
      first.child.kill("SIGKILL");
      await first.ended;
      first = await startCopy(0);
    },
    readiness: async () =>
      await Promise.all(management.map(async (port) => (await fetch(`http://127.0.0.1:${port}/readyz`)).status)),
    troubles: () =>
      [first, second].flatMap(({ out, err }) =>
        (out() + err())
          .split("\n")
          .filter((line) => line !== "" && !line.includes('"level":30'))
          .slice(-10),
      ),
    async memory() {
      const text = await (await fetch(`http://127.0.0.1:${management[1]}/metrics`)).text();
      const of = (metric: string) =>
        Math.round(v.parse(number, new RegExp(`^${metric} (\\S+)`, "m").exec(text)?.[1]) / 2 ** 20);
      return { heap: of("nodejs_heap_size_used_bytes"), resident: of("process_resident_memory_bytes") };
    },
  };
}

const number = v.pipe(v.string(), v.transform(Number), v.finite());
