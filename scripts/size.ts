/**
 * What the bundles weigh, and what each dependency and folder weighs in them. Fails over a budget. Minified bytes are
 * attributed by the source map; each part's brotli figure is its share, since compression does not add up.
 */
import { readdirSync, readFileSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";
import { eachMapping, TraceMap } from "@jridgewell/trace-mapping";
import { build } from "vite";

/** In bytes, by the mode that builds it: what the first open takes, and what the first picture takes. */
const budgets = { script: ["dist/podpora.js", 66_000], pictures: ["dist/pictures.js", 18_000] } as const;

const besideBudgets: Readonly<Record<string, number>> = { chat: 10_000 };

const brotli = (file: Uint8Array) =>
  brotliCompressSync(file, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
const kilo = (bytes: number) => (bytes / 1000).toFixed(1).padStart(7);

function partOf(source: string | null): string {
  if (!source) return "(glue)";
  const dependency = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1];
  if (dependency) return dependency;
  return /(src\/(?:core|adapters|protocol|i18n|ui|embed|pictures\/\w+)|locales)\//.exec(source)?.[1] ?? "(glue)";
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

/** Whether the bundle is within its budget. */
async function weigh(mode: string, path: string, budget: number): Promise<boolean> {
  await build({ mode, logLevel: "warn" });
  const file = readFileSync(path);
  const weight = brotli(file);
  console.log("part                     kB min   kB br (share)");
  for (const [part, bytes] of [...partsOf(path, file.toString())].toSorted((a, b) => b[1] - a[1])) {
    console.log(`${part.padEnd(22)} ${kilo(bytes)}  ${kilo((bytes / file.length) * weight)}`);
  }
  const limit = `budget ${kilo(budget).trim()} kB brotli-11`;
  console.log(`\n${path.padEnd(22)} ${kilo(file.length)}  ${kilo(weight)}   ${limit}\n`);
  if (weight > budget) console.error(`${path} is over the budget by ${weight - budget} bytes.`);
  return weight <= budget;
}

/** The parts that the script fetches later have names that change with their bytes, and no maps. */
function weighBeside(): boolean {
  return readdirSync("dist").every((name) => {
    const [, part] = /^(\w+)-[0-9a-f]{8}\.js$/.exec(name) ?? [];
    const budget = part === undefined ? undefined : besideBudgets[part];
    if (budget === undefined) return true;
    const weight = brotli(readFileSync(`dist/${name}`));
    console.log(`${`dist/${name}`.padEnd(22)} ${kilo(weight)} kB brotli-11   budget ${kilo(budget).trim()}\n`);
    return weight <= budget;
  });
}

process.env["SOURCEMAP"] = "1";
let isWithin = true;
for (const [mode, [path, budget]] of Object.entries(budgets)) isWithin = (await weigh(mode, path, budget)) && isWithin;
isWithin = weighBeside() && isWithin;
process.exitCode = isWithin ? 0 : 1;
