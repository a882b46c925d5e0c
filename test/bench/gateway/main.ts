/**
 * `npm run bench:gateway`: the gateway's throughput, compared with a bare node:http server with the same answers, and the growth
 * of its cost. This process makes the load, the server is another process on the same machine. `--seconds` for each route;
 * `--quick` does not write docs/performance.md. Request Tracker, Redmine and Redis are measured if they are running.
 */
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { writeInto } from "../document.ts";
import { startRemote } from "../chat/remote.ts";
import { measureGrowth } from "./growth.ts";
import { measureCopies } from "./copies.ts";
import { callOnce, type Figures, measureRoute, requiredFields, routesOf, tokenOf } from "./routes.ts";
import type { Answer, DeskKind, GatewayCalls, Kind } from "./server.ts";
import { openStreams } from "./streams.ts";
import { installed, isRunning } from "../../desks/installed.ts";
import { copiesTable, growthTable, routesTable } from "./table.ts";

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    seconds: { type: "string", default: "5" },
    streams: { type: "string", default: "2000" },
  },
});
const seconds = Number(values.seconds);
const streams = Number(values.streams);

interface Measure {
  readonly startMs: number;
  readonly routes: ReadonlyMap<string, Figures>;
  readonly answers: readonly Answer[];
  readonly perStream: { readonly rss: number; readonly heap: number } | undefined;
}

async function measure(kind: Kind): Promise<Measure> {
  const began = performance.now();
  const remote = startRemote<GatewayCalls>(new URL("server.ts", import.meta.url), ["--expose-gc"]);
  try {
    const server = await remote.call("start", kind);
    const token = await tokenOf("ana", server);
    const [session, ...others] = routesOf("1");
    if (!session) throw new Error("nothing to measure");
    const answers = [await callOnce(server, token, session)];
    const startMs = performance.now() - began;
    let ticketId = "1";
    const routes = new Map<string, Figures>();
    const isDesk = kind.kind !== "instant" && !("answers" in kind);
    const fields = isDesk ? await requiredFields(server, token) : {};
    if (isDesk) {
      const created = await callOnce(server, token, routesOf("1", fields)[3] ?? session);
      ({ id: ticketId } = JSON.parse(created.body) as { readonly id: string });
    }
    for (const route of routesOf(ticketId, fields)) {
      if (others.some(({ name }) => name === route.name)) answers.push(await callOnce(server, token, route));
      // In the first second, the code is compiled.
      await measureRoute(server, token, route, 1);
      routes.set(route.name, await measureRoute(server, token, route, seconds));
    }
    if (kind.kind !== "instant") return { startMs, routes, answers, perStream: undefined };
    const stopFew = await openStreams(server, 100);
    const before = await remote.call("memory", {});
    const stop = await openStreams(server, streams);
    const after = await remote.call("memory", {});
    stop();
    stopFew();
    return {
      startMs,
      routes,
      answers,
      perStream: { rss: (after.rss - before.rss) / streams, heap: (after.heap - before.heap) / streams },
    };
  } finally {
    await remote.stop();
  }
}

const machine = `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, load ${(loadavg()[0] ?? 0).toFixed(1)}`;
const instant = await measure({ kind: "instant" });
const bare = await measure({ kind: "bare", answers: instant.answers });
const hono = await measure({ kind: "hono", answers: instant.answers });
const desk = await measure({ kind: "demo desk" });
const servers: Record<string, ReadonlyMap<string, Figures>> = {
  "bare `node:http`": bare.routes,
  "only Hono": hono.routes,
  "gateway, a desk that answers at once": instant.routes,
  "gateway, demo desk": desk.routes,
};
const real: readonly (readonly [DeskKind, "request-tracker" | "redmine"])[] = [
  ["Request Tracker", "request-tracker"],
  ["Redmine", "redmine"],
];
for (const [kind, name] of real) {
  // oxlint-disable-next-line no-await-in-loop -- one server at a time
  if (await isRunning(name)) servers[`gateway, ${kind}`] = (await measure({ kind })).routes;
}
const redis = (await isRunning("redis")) ? installed("redis")?.["URL"] : undefined;
const kilobytes = (bytes = 0) => (bytes / 1000).toFixed(1);
const report = [
  `Measured on ${machine}.`,
  routesTable(servers),
  `From the start of the process to its first session: bare ${Math.round(bare.startMs)} ms, gateway ${Math.round(instant.startMs)} ms, with the demo desk ${Math.round(desk.startMs)} ms. ` +
    `Each of ${streams} streams: ${kilobytes(instant.perStream?.rss)} kB of RSS, ${kilobytes(instant.perStream?.heap)} kB of heap.`,
  ...(redis === undefined ? [] : [copiesTable(await measureCopies(redis, seconds))]),
  growthTable(await measureGrowth((line) => console.error(line))),
].join("\n\n");
console.log(report);
if (!values.quick) writeInto("docs/performance.md", "npm run bench:gateway", `\n${report}\n`);
