import type { Sample } from "./measure.ts";

const kilobytes = (bytes: number) => (bytes / 1000).toFixed(1);
const kibibytes = (bytes: number) => Math.round(bytes / 1024).toLocaleString("en");

/** A Markdown table of the medians. Times stand as multiples of the first row's: those of two runs cannot be compared. */
export function tableOf(medians: ReadonlyMap<string, Sample>): string {
  const [first] = medians.values();
  const times = (value: number, of: number) => `${Math.round(value)} (${(value / Math.max(1, of)).toFixed(1)}×)`;
  const rows = [...medians].map(([name, sample]) =>
    [
      name,
      kilobytes(sample.bytesBefore),
      sample.requestsBefore,
      Math.round(sample.scriptMs),
      Math.round(sample.blockingMs),
      times(sample.frameMs, first?.frameMs ?? 0),
      times(sample.usableMs, first?.usableMs ?? 0),
      times(sample.usableNearMs, first?.usableNearMs ?? 0),
      kilobytes(sample.bytesAfter),
      kibibytes(sample.heapBefore),
      kibibytes(sample.heapOpen),
    ].join(" | "),
  );
  return [
    "| | kB br before the launcher | requests | script ms | blocking ms | click → frame ms | click → usable ms | the same, pointer near for 300 ms | kB br after opening | heap KiB before | heap KiB open |",
    "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ...rows.map((row) => `| ${row} |`),
  ].join("\n");
}

const begin = "<!-- npm run bench -->";
const end = "<!-- /npm run bench -->";

/** The document with the table in the place of the last one. */
export function withTable(document: string, table: string): string {
  const [before, rest = ""] = document.split(begin);
  const [, after = ""] = rest.split(end);
  if (!document.includes(begin) || !document.includes(end)) throw new Error("the document has no place for the table");
  return `${before}${begin}\n\n${table}\n\n${end}${after}`;
}
