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
      times(sample.usableNextPageMs, first?.usableNextPageMs ?? 0),
      kilobytes(sample.bytesAfter),
      kibibytes(sample.heapBefore),
      kibibytes(sample.heapOpen),
    ].join(" | "),
  );
  return [
    "| | kB br before the launcher | requests | script ms | blocking ms | click → frame ms | click → usable ms | the same, pointer near for 300 ms | the same on the next page | kB br after opening | heap KiB before | heap KiB open |",
    "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ...rows.map((row) => `| ${row} |`),
  ].join("\n");
}

/** For the README: ours and what others have made. */
export function shortTableOf(medians: ReadonlyMap<string, Sample>): string {
  const rows = [...medians].flatMap(([name, sample]) =>
    /floor|limit|bundle|idle|form/.test(name)
      ? []
      : [
          [
            name.replace(/, podpora.js$/, ""),
            kilobytes(sample.bytesBefore),
            Math.round(sample.mainThreadMs),
            Math.round(sample.blockingMs),
            kilobytes(sample.bytesAfter),
            Math.round(sample.usableMs),
            Math.round(sample.usableNextPageMs),
          ].join(" | "),
        ],
  );
  return [
    "| [measured in one run](docs/performance.md) | kB before the launcher | its main thread ms | blocking ms | kB after opening | click → usable ms | on the next page |",
    "|---|--:|--:|--:|--:|--:|--:|",
    ...rows.map((row) => `| ${row} |`),
  ].join("\n");
}
