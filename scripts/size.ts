/**
 * Reports the size of the widget's files, and of each dependency and folder in the loader and the app. Fails if a file
 * is over its budget. Minified bytes are attributed by source map; each part's brotli size is its share of the total,
 * as compressed sizes do not add up.
 */
import { readdirSync, readFileSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";
import { eachMapping, TraceMap } from "@jridgewell/trace-mapping";
import { buildWidget } from "./build-widget.ts";

/** In bytes: the measured size plus 3 %. */
const budgets: Readonly<Record<string, number>> = {
  "podpora.js": 8_400,
  app: 78_700,
  screens: 16_200,
  pictures: 13_300,
  diagnosis: 5_350,
  "podpora.bundle.js": 126_900,
};
/** For each language file. */
const textsBudget = 7_000;
/** The first screen: loader, app and the largest language file. */
const firstScreenBudget = 93_400;

const brotli = (file: Uint8Array) =>
  brotliCompressSync(file, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
const kilo = (bytes: number) => (bytes / 1000).toFixed(1).padStart(7);

function partOf(source: string | null): string {
  if (!source) return "(glue)";
  const dependency = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1];
  if (dependency) return dependency;
  return /(src\/(?:core|adapters|protocol|i18n|ui|embed|loader|pictures\/\w+)|locales)\//.exec(source)?.[1] ?? "(glue)";
}

/** Minified bytes by part. */
function partsOf(path: string, code: string): ReadonlyMap<string, number> {
  const lines = code.split("\n");
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

  eachMapping(new TraceMap(readFileSync(`${path}.map`, "utf8")), ({ generatedLine, generatedColumn, source }) => {
    const here = { line: generatedLine - 1, column: generatedColumn, part: partOf(source) };
    if (last) add(last.part, between(last, here));
    else add("(glue)", between({ line: 0, column: 0 }, here));
    last = here;
  });
  if (last) add(last.part, between(last, { line: lines.length - 1, column: lines.at(-1)?.length ?? 0 }));
  return parts;
}

function listParts(path: string, file: Uint8Array, weight: number) {
  console.log("part                     kB min   kB br (share)");
  for (const [part, bytes] of [...partsOf(path, file.toString())].toSorted((a, b) => b[1] - a[1])) {
    console.log(`${part.padEnd(22)} ${kilo(bytes)}  ${kilo((bytes / file.length) * weight)}`);
  }
  console.log("");
}

const files = () =>
  new Map(readdirSync("dist").map((name) => [name, name.endsWith(".js") ? readFileSync(`dist/${name}`, "utf8") : ""]));
// CI has just built the widget: two builds of one commit must be identical.
const before = process.env["CI"] ? files() : undefined;
process.env["SOURCEMAP"] = "1";
await buildWidget();
for (const [name, text] of before ?? []) {
  if (files().get(name) === text) continue;
  console.error(`${name} is not what the build before has made: a build must give the same bytes each time.`);
  process.exitCode = 1;
}
const weights = readdirSync("dist")
  .filter((name) => name.endsWith(".js"))
  .map((name) => {
    const path = `dist/${name}`;
    const file = readFileSync(path);
    const weight = brotli(file);
    const part = name.replace(/-[0-9a-f]{8}\.js$/, "");
    const budget = budgets[part] ?? textsBudget;
    if (part === "podpora.js" || part === "app") listParts(path, file, weight);
    return { name, part, weight, budget };
  });
const weightOf = (wanted: string) => weights.find(({ part }) => part === wanted)?.weight ?? 0;
const texts = weights.filter(({ part }) => budgets[part] === undefined).map(({ weight }) => weight);
const firstScreen = weightOf("podpora.js") + weightOf("app") + Math.max(...texts);

const lines = [...weights, { name: "the first screen", weight: firstScreen, budget: firstScreenBudget }];
for (const { name, weight, budget } of lines) {
  console.log(`${name.padEnd(22)} ${kilo(weight)} kB brotli-11   budget ${kilo(budget)}`);
  if (weight <= budget) continue;
  console.error(`${name} is over the budget by ${weight - budget} bytes.`);
  process.exitCode = 1;
}
