import { writeFileSync } from "node:fs";
import { writeInto } from "../document.ts";
import { chartOf } from "./chart.ts";
import type { Sample } from "./measure.ts";
import { shortTableOf, tableOf } from "./table.ts";

type Medians = ReadonlyMap<string, Sample>;

const inRepository = (path: string) => new URL(`../../../${path}`, import.meta.url);

/** docs/performance.md with its figures as JSON and two charts, and the README's short table: all of one run. */
export function writeResults(medians: Medians): void {
  writeInto("docs/performance.md", "npm run bench", tableOf(medians));
  writeInto("README.md", "npm run bench", shortTableOf(medians));
  writeFileSync(
    inRepository("docs/performance.json"),
    `${JSON.stringify(Object.fromEntries(medians), undefined, 2)}\n`,
  );
  const rowsOf = (value: (sample: Sample) => number) =>
    [...medians].map(([name, sample]) => [name, value(sample)] as const);
  write(
    "bytes",
    "Before the launcher, kB under brotli",
    "kB",
    rowsOf(({ bytesBefore }) => bytesBefore / 1000),
  );
  write(
    "usable",
    "From the click to a usable panel, CPU slowed down four times",
    "ms",
    rowsOf(({ usableMs }) => usableMs),
  );
}

function write(name: string, ...chart: Parameters<typeof chartOf>) {
  writeFileSync(inRepository(`docs/images/performance-${name}.svg`), chartOf(...chart));
}
