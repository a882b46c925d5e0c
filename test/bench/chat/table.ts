import type { Figures, StepFigures, StormFigures } from "./bench.ts";

/** In Markdown, as docs/performance.md has it. */
export function tableOf({ again, missed, steps, storms, unasked }: Figures): string {
  const lines = [
    "| open conversations | messages | p50 | p99 | slowest | server's CPU | RSS a stream | heap a stream |",
    "|---:|---:|---:|---:|---:|---:|---:|---:|",
    ...steps.map(stepRow),
    "",
    "| streams cut at once | all back after | messages meanwhile | missed | twice |",
    "|---:|---:|---:|---:|---:|",
    ...storms.map(stormRow),
    "",
    `Over the whole run: ${missed} missed, ${again} twice or out of order, ${unasked} streams lost without being cut.`,
  ];
  return lines.join("\n");
}

function stepRow({ cpu, messages, mostMs, open, p50Ms, p99Ms, perStream }: StepFigures): string {
  const memory = perStream ? [kilobytes(perStream.rss), kilobytes(perStream.heap)] : ["–", "–"];
  return row([count(open), count(messages), ms(p50Ms), ms(p99Ms), ms(mostMs), `${Math.round(cpu * 100)} %`, ...memory]);
}

function stormRow({ again, backMs, cut, messages, missed }: StormFigures): string {
  const back = backMs === undefined ? "not in time" : `${(backMs / 1000).toFixed(1)} s`;
  return row([count(cut), back, count(messages), count(missed), count(again)]);
}

const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
const count = (number: number) => number.toLocaleString("en");
const ms = (number: number) => `${number.toFixed(1)} ms`;
const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;
