import type { Report } from "../../loader/report.ts";

/** The report in lines, for people. */
export function textOf({ version, at, state, findings, details }: Omit<Report, "text">): string {
  const lines = Object.entries(details ?? {}).map(([name, value]: [string, unknown]) => `${name}: ${wordsOf(value)}`);
  const found = findings.flatMap(({ problem, fix }, index) => [`${index + 1}. ${problem}`, `   ${fix}`]);
  return [
    `Podpora ${version}, ${state}, ${at}`,
    "",
    ...(found.length > 0 ? found : ["Nothing wrong was found."]),
    "",
    ...lines,
  ].join("\n");
}

function wordsOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return value.length > 0 ? value.join("; ") : "none";
  const parts = Object.entries(value).map(([name, each]: [string, unknown]) => `${name} ${wordsOf(each)}`);
  return parts.length > 0 ? parts.join("; ") : "none";
}
