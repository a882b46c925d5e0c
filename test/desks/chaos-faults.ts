import { sleep } from "./chaos-people.ts";
import type { TcpProxy } from "./tcp-proxy.ts";

/** What is broken by chance: by its way, or as a whole. */
export interface Part {
  readonly name: string;
  readonly proxy?: TcpProxy;
  /** Ends it, and starts it again. */
  readonly kill?: () => Promise<void>;
}

interface Recovery {
  /** Such as "prosody silent". */
  readonly fault: string;
  readonly ms: number;
}

const kinds = ["silent", "refuse", "slow", "cut", "kill"] as const;

/**
 * One fault after the other until `end`. After each one waits until everything that was under way at its end has been
 * acknowledged: `settled` resolves with how long that took.
 */
export async function breakParts(
  parts: readonly Part[],
  end: number,
  random: () => number,
  settled: (fault: string) => Promise<number>,
): Promise<readonly Recovery[]> {
  const recoveries: Recovery[] = [];
  // Each part's turn comes before any has a second one.
  let turns: Part[] = [];
  while (Date.now() < end) {
    if (turns.length === 0) turns = [...parts];
    const [part] = turns.splice(Math.floor(random() * turns.length), 1);
    const possible = kinds.filter((kind) => (kind === "kill" ? part?.kill : part?.proxy));
    const kind = possible[Math.floor(random() * possible.length)] ?? "cut";
    const forMs = 1000 + Math.floor(random() * 7000);
    // oxlint-disable-next-line no-await-in-loop -- one fault after the other
    await breakOnce(part, kind, forMs);
    const fault = `${part?.name} ${kind}`;
    // oxlint-disable-next-line no-await-in-loop -- see above
    recoveries.push({ fault, ms: await settled(fault) });
    // oxlint-disable-next-line no-await-in-loop -- see above
    await sleep(random() * 1000);
  }
  return recoveries;
}

async function breakOnce(part: Part | undefined, kind: (typeof kinds)[number], forMs: number): Promise<void> {
  if (kind === "kill") {
    await part?.kill?.();
    return;
  }
  const proxy = part?.proxy;
  if (kind === "cut") {
    proxy?.cut();
    return;
  }
  proxy?.set(kind === "slow" ? { delayMs: 800 } : kind);
  if (kind === "refuse") proxy?.cut();
  await sleep(forMs);
  proxy?.set(undefined);
  // Behind a path that was a black hole, nobody learns of the end: those connections are gone.
  if (kind === "silent") proxy?.cut();
}

/** How often each fault was, and how long the recoveries took: the median and the longest, in seconds. */
export function tableOf(recoveries: readonly Recovery[]): readonly string[] {
  const names = [...new Set(recoveries.map(({ fault }) => fault))].toSorted();
  return names.map((name) => {
    const all = recoveries.flatMap(({ fault, ms }) => (fault === name ? [ms] : [])).toSorted((a, b) => a - b);
    const seconds = (ms: number | undefined) => ((ms ?? 0) / 1000).toFixed(1);
    return `${name.padEnd(24)} ${all.length} times, ${seconds(all[Math.floor(all.length / 2)])} s, at most ${seconds(all.at(-1))} s`;
  });
}
