import { startRemote } from "../chat/remote.ts";
import { type Figures, measureRoute, routesOf, tokenOf } from "./routes.ts";
import type { GatewayCalls } from "./server.ts";

export interface Copies {
  readonly count: number;
  /** The requests of all copies together, and the highest p99, by route. */
  readonly routes: ReadonlyMap<string, Figures>;
}

const counts = [1, 2, 4];

/** The throughput of several copies of the gateway that share this Redis, with 20 connections to each copy. */
export async function measureCopies(redis: string, seconds: number): Promise<readonly Copies[]> {
  const all: Copies[] = [];
  // oxlint-disable-next-line no-await-in-loop -- one measurement at a time
  for (const count of counts) all.push({ count, routes: await measureCount(count, redis, seconds) });
  return all;
}

async function measureCount(count: number, redis: string, seconds: number): Promise<ReadonlyMap<string, Figures>> {
  const remotes = Array.from({ length: count }, () => startRemote<GatewayCalls>(new URL("server.ts", import.meta.url)));
  try {
    const servers = await Promise.all(
      remotes.map(async (remote) => {
        const server = await remote.call("start", { kind: "instant", redis });
        return { server, token: await tokenOf("ana", server) };
      }),
    );
    const routes = new Map<string, Figures>();
    for (const route of routesOf("1")) {
      // oxlint-disable-next-line no-await-in-loop -- one route at a time
      const each = await Promise.all(
        servers.map(async ({ server, token }) => await measureRoute(server, token, route, seconds)),
      );
      routes.set(route.name, {
        perSecond: each.reduce((sum, { perSecond }) => sum + perSecond, 0),
        p50Ms: Math.max(...each.map(({ p50Ms }) => p50Ms)),
        p99Ms: Math.max(...each.map(({ p99Ms }) => p99Ms)),
      });
    }
    return routes;
  } finally {
    await Promise.all(remotes.map(async (remote) => await remote.stop()));
  }
}
