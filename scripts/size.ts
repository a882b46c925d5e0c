/**
 * What `dist/podpora.js` weighs, and what each dependency and folder weighs in it. Fails over the budget. Minified bytes
 * are attributed by the source map; each part's brotli figure is its share, since compression does not add up.
 */
import { readFileSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";
import { eachMapping, TraceMap } from "@jridgewell/trace-mapping";
import { build } from "vite";

const budget = 48_000;

process.env["SOURCEMAP"] = "1";
await build({ mode: "script", logLevel: "warn" });
const file = readFileSync("dist/podpora.js");
const weight = brotliCompressSync(file, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;

const lines = file.toString().split("\n");
const parts = new Map<string, number>();
let last: { readonly line: number; readonly column: number; readonly part: string } | undefined;

function add(part: string, bytes: number) {
  parts.set(part, (parts.get(part) ?? 0) + bytes);
}
function between(from: { line: number; column: number }, to: { line: number; column: number }): number {
  if (from.line === to.line) return Buffer.byteLength(lines[from.line]?.slice(from.column, to.column) ?? "");
  let bytes = Buffer.byteLength(lines[from.line]?.slice(from.column) ?? "") + 1;
  for (let line = from.line + 1; line < to.line; line++) bytes += Buffer.byteLength(lines[line] ?? "") + 1;
  return bytes + Buffer.byteLength(lines[to.line]?.slice(0, to.column) ?? "");
}
function partOf(source: string | null): string {
  if (!source) return "(glue)";
  const dependency = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1];
  return dependency ?? /(src\/(?:core|adapters|protocol|i18n|ui|embed)|locales)\//.exec(source)?.[1] ?? "(glue)";
}

eachMapping(new TraceMap(readFileSync("dist/podpora.js.map", "utf8")), ({ generatedLine, generatedColumn, source }) => {
  const here = { line: generatedLine - 1, column: generatedColumn, part: partOf(source) };
  if (last) add(last.part, between(last, here));
  else add("(glue)", between({ line: 0, column: 0 }, here));
  last = here;
});
const end = { line: lines.length - 1, column: lines.at(-1)?.length ?? 0 };
if (last) add(last.part, between(last, end));

const kilo = (bytes: number) => (bytes / 1000).toFixed(1).padStart(7);
console.log("part                     kB min   kB br (share)");
for (const [part, bytes] of [...parts].toSorted((a, b) => b[1] - a[1])) {
  console.log(`${part.padEnd(22)} ${kilo(bytes)}  ${kilo((bytes / file.length) * weight)}`);
}
console.log(
  `\ndist/podpora.js        ${kilo(file.length)}  ${kilo(weight)}   budget ${kilo(budget).trim()} kB brotli-11`,
);
if (weight > budget) {
  console.error(`Over the budget by ${weight - budget} bytes.`);
  process.exit(1);
}
