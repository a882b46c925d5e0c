/**
 * What a feed costs the desk: calls per minute while members listen and nothing happens, for one change, and when all of them
 * come back at once; and how long a change takes to a member's stream. Request Tracker's adapter over a fake of its API, in virtual
 * time: the calls are counted, the desk answers in 20 ms. `npm run bench:feed`.
 */
import fakeTimers from "@sinonjs/fake-timers";
import { requestTracker } from "../../../src/adapters/request-tracker/index.ts";
import { memoryStore } from "../../../src/gateway/memory-store.ts";
import { withGateway } from "../../../src/testing/with-gateway.ts";
import { fakeRtFetch } from "../../adapters/fake-rt-fetch.ts";

const ANSWER_MS = 20;
const SILENT_MINUTES = 10;
const CHANGES = 100;
const clock = fakeTimers.install({ now: Date.parse("2026-11-30T12:00:00Z") });

interface Figures {
  readonly silence: number;
  readonly change: number;
  readonly back: number;
  readonly p99Ms: number;
}

async function measure(copies: number, members: number): Promise<Figures> {
  const rt = fakeRtFetch(ANSWER_MS);
  Object.assign(globalThis, { fetch: rt.fetch });
  for (let at = 1; at <= members; at += 1) rt.tickets.set(String(at), [`m${at}@example.org`]);
  rt.changes.push({ id: 1, ticket: "1", at: Date.now() - 3_600_000 });
  const store = memoryStore();
  const options = { url: "https://rt.example.org", token: "1-29-abcdef", queue: "Support" };
  const gateways = Array.from({ length: copies }, () => withGateway(requestTracker(options), store));
  const told = { count: 0 };
  const cursors = new Map<number, string>();

  function listenAll(): AbortController {
    const over = new AbortController();
    for (let at = 1; at <= members; at += 1) {
      const { tickets } = gateways[at % copies] ?? {};
      const onPosition = (cursor: string): void => void cursors.set(at, cursor);
      const member = { id: `m${at}`, email: `m${at}@example.org` };
      const events = tickets?.events?.(cursors.get(at), { signal: over.signal, locale: "en", member, onPosition });
      const read = async (): Promise<void> => {
        for await (const event of events ?? []) {
          if (event.cursor !== undefined) cursors.set(at, event.cursor);
          if (event.type === "message") told.count += 1;
        }
      };
      read().catch(() => undefined);
    }
    return over;
  }
  const calls = async (during: () => Promise<void>): Promise<number> => {
    const before = rt.asked.length;
    await during();
    return rt.asked.length - before;
  };

  const first = listenAll();
  await clock.tickAsync(120_000);
  const silence =
    (await calls(async () => await clock.tickAsync(SILENT_MINUTES * 60_000).then(() => undefined))) / SILENT_MINUTES;
  const waits: number[] = [];
  const withChanges = await calls(async () => {
    for (let at = 0; at < CHANGES; at += 1) {
      const before = told.count;
      await clock.tickAsync(13_000 + ((at * 617) % 5000));
      const begun = Date.now();
      rt.changes.push({ id: 10 + at, ticket: String((at % members) + 1), at: begun });
      while (told.count === before) await clock.tickAsync(50);
      waits.push(Date.now() - begun);
    }
  });
  first.abort();
  await clock.tickAsync(1000);
  const back = await calls(async () => {
    listenAll();
    await clock.tickAsync(4000);
  });
  for (const gateway of gateways) void gateway.dispose?.();
  await clock.tickAsync(1000);
  // Without what the looks cost meanwhile.
  const spent = waits.reduce((sum, ms) => sum + ms, 0) + CHANGES * 15_500;
  const change = (withChanges - (silence * spent) / 60_000) / CHANGES;
  const p99Ms = waits.toSorted((left, right) => left - right)[Math.floor(waits.length * 0.99) - 1] ?? 0;
  return { silence, change, back, p99Ms };
}

console.log(
  "| copies | members who listen | in silence, calls a minute | for one change | all come back at once | change to stream, p99 |",
);
console.log("|---:|---:|---:|---:|---:|---:|");
for (const copies of [1, 2, 10]) {
  for (const members of [1, 100, 10_000]) {
    const { back, change, p99Ms, silence } = await measure(copies, members);
    const cells = [
      copies,
      members.toLocaleString("en"),
      silence.toFixed(1),
      change.toFixed(1),
      back,
      `${(p99Ms / 1000).toFixed(1)} s`,
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
}
clock.uninstall();
process.exit(0);
