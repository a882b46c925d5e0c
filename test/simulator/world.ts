import type { Route } from "../../src/core/routes.ts";
import { createGateway } from "../../src/gateway/index.ts";
import { startClock } from "./clock.ts";
import { simulateCrypto } from "./crypto.ts";
import { simulateDesk, wordsIn } from "./desk.ts";
import { createLedger, personOf } from "./ledger.ts";
import { simulateNetwork } from "./network.ts";
import { seededRandom } from "./random.ts";
import { audience, ranks, simulateSite, siteSecret } from "./site.ts";
import { simulateStorage } from "./storage.ts";
import { openTab } from "./tab.ts";
import { unlimited } from "../support/unlimited.ts";

const secret = "a secret of the simulated gateway, long enough";
const gatewayUrl = "http://gateway.sim";
/** In one of this many worlds, the chat requires a rank and is closed to guests. */
const rankedWorlds = 8;

export type World = Awaited<ReturnType<typeof createWorld>>;

/** One browser with its tabs, the host site, a gateway and a desk. The same seed creates the same world. */
export async function createWorld(seed: number, uploads: string) {
  const random = seededRandom(seed);
  const clock = startClock();
  const undoCrypto = simulateCrypto(random);
  const desk = simulateDesk();
  const isRanked = random() < 1 / rankedWorlds;
  const gateway = createGateway({
    adapter: desk.adapter,
    secret,
    identity: { secret: siteSecret, audience },
    uploads: { directory: uploads },
    access: { tickets: "guests", chat: isRanked ? { from: "Silver" } : "guests", ranks },
    limits: unlimited,
    onError: () => undefined,
  });
  const violations: string[] = [];
  const refusedWords = new Set<string>();
  const refusedByGateway = new Set<string>();
  const ledger = createLedger();
  const network = simulateNetwork({
    clock,
    random,
    async serve(request) {
      const body = request.clone();
      const response = await gateway.fetch(moved(request));
      if (response.status >= 400 && response.status !== 401 && request.method === "POST") {
        for (const word of wordsIn(await body.text()).filter((each) => ledger.authors.has(each))) {
          refusedWords.add(word);
          if (response.status === 422 && !desk.refused.has(word)) refusedByGateway.add(word);
        }
      }
      return response;
    },
    onRequest({ token, body }) {
      for (const word of wordsIn(body)) {
        const problem = ledger.check(word, personOf(token));
        if (problem) violations.push(`sent under the wrong name: ${problem}`);
      }
    },
  });
  const realFetch = globalThis.fetch;
  globalThis.fetch = network.fetch;
  const storage = simulateStorage(clock, random);
  const site = simulateSite(clock, random);
  /** What each tab remembers across a reload. */
  const routes = new Map<string, Route>();

  return {
    random,
    clock,
    desk,
    network,
    storage,
    site,
    ledger,
    violations,
    /** Words that the desk has ever refused may arrive out of order. */
    refusedWords,
    /** Words refused by the gateway only, because their id was already used for something else. */
    refusedByGateway,
    routes,
    open: (name: string) =>
      openTab({
        name,
        clock,
        network,
        storage,
        random,
        site,
        route: routes.get(name) ?? { tab: "tickets", view: "list" },
      }),
    async revoke(token: string) {
      const headers = { Authorization: `Bearer ${token}` };
      const request = new Request(`${gatewayUrl}/session/sign-out`, { method: "POST", headers });
      await clock.during(gateway.fetch(request));
    },
    async stop() {
      globalThis.fetch = realFetch;
      await clock.during(gateway.dispose());
      clock.stop();
      undoCrypto();
    },
  };
}

/** The network identifies tabs by host name; the gateway must see its own. */
function moved(request: Request): Request {
  const url = new URL(request.url);
  return new Request(`${gatewayUrl}${url.pathname}${url.search}`, request);
}
