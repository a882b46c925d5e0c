import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";

const root = new URL("../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");

function filesOf(folder: string, wanted: RegExp): readonly string[] {
  return readdirSync(new URL(`${folder}/`, root), { recursive: true, encoding: "utf8" })
    .filter((path) => wanted.test(path))
    .map((path) => `${folder}/${path}`);
}

const sources = filesOf("src", /\.tsx?$/);

interface Import {
  readonly from: string;
  /** A path from the root of the repository, or the name of a package with what stands behind it. */
  readonly to: string;
}

const statement = /^\s*(?:import|export)\s+(?:[^"';]*?\sfrom\s+)?"([^"]+)"|\bimport\(\s*"([^"]+)"\s*[,)]/gm;

function importsOf(from: string): readonly Import[] {
  return [...read(from).matchAll(statement)].map(([, stated, dynamic]) => {
    const target = (stated ?? dynamic ?? "").replace(/\?inline$/, "");
    const to = target.startsWith(".") ? join(dirname(from), target) : target;
    return { from, to };
  });
}

const imports = sources.flatMap(importsOf);

/** What an adapter that runs on a server alone is made of. */
const deskImports = ["src/core/contract", "src/adapter", "valibot"];

/** Who may import what, besides a file of the same folder. A text is that file, or all that is below it. */
const table: Readonly<Record<string, readonly string[]>> = {
  "src/core/contract": [],
  "src/core/delivery": ["src/core/contract", "src/core/platform.ts", "@preact/signals-core"],
  "src/core/identity": ["src/core/contract", "src/core/delivery", "src/core/platform.ts", "@preact/signals-core"],
  "src/core/tickets": ["src/core/contract", "src/core/delivery", "src/core/platform.ts", "@preact/signals-core"],
  "src/core/chat": ["src/core/contract", "src/core/delivery", "src/core/platform.ts", "@preact/signals-core"],
  "src/core": ["@preact/signals-core"],
  "src/protocol": ["src/core/contract", "valibot"],
  "src/adapter": ["src/core/contract", "src/version.ts", "cockatiel", "htmlparser2", "ky", "re2js", "valibot"],
  "src/adapters/combine": ["src/core/contract", "src/adapter"],
  "src/adapters/memory": ["src/core/contract", "src/adapter"],
  "src/adapters/rest": ["src/core/contract", "src/adapter", "src/protocol", "ky", "valibot"],
  "src/adapters/request-tracker": deskImports,
  "src/adapters/redmine": deskImports,
  "src/adapters/znuny": deskImports,
  "src/adapters/mailbox": [
    ...deskImports,
    "imapflow",
    "nodemailer",
    "libmime",
    "mailparser",
    "node:crypto",
    "node:dns/promises",
  ],
  "src/adapters/xmpp": [...deskImports, "strophe.js", "ky", "node:crypto"],
  "src/gateway": [
    "src/adapter/channel.ts",
    "src/adapter/concurrency.ts",
    "src/adapter/files.ts",
    "src/core/contract",
    "src/protocol",
    "src/version.ts",
    "hono",
    "@redis/client",
    "ipaddr.js",
    "jose",
    "@tus",
    "valibot",
    "@valibot",
    "node:",
  ],
  "src/server": [
    "src/core/contract",
    "src/protocol/limits.ts",
    "src/protocol/routes.ts",
    "src/gateway/index.ts",
    "src/version.ts",
    "hono",
    "@hono/node-server",
    "pino",
    "prom-client",
    "valibot",
    "node:",
  ],
  "src/i18n": ["src/core/contract", "i18next", "@preact/signals-core", "locales"],
  "src/ui": ["src/core", "src/keys.ts", "src/sheet.ts", "src/i18n", "preact", "@preact/signals", "locales/en.json"],
  "src/pictures": ["src/keys.ts", "locales"],
  "src/loader": ["src/core", "src/i18n", "src/keys.ts", "src/sheet.ts", "src/version.ts", "locales"],
  "src/embed": [
    "src/core",
    "src/loader",
    "src/protocol",
    "src/adapters",
    "src/i18n",
    "src/ui",
    "src/keys.ts",
    "src/sheet.ts",
    "src/pictures/index.ts",
    "src/pictures/clean/kind.ts",
    "src/version.ts",
    "locales",
    "preact",
    "@preact/signals",
    "@preact/signals-core",
    "idb-keyval",
  ],
  "src/testing": ["src/core", "src/gateway", "vitest", "node:http"],
  "src/index.ts": ["src/core", "src/loader/handle.ts", "src/loader/report.ts", "src/embed", "src/adapters/combine"],
  "src/element.ts": ["src/core", "src/embed/module.ts", "src/loader"],
  "src/react.ts": ["src/core", "src/embed/module.ts", "src/loader", "react"],
  "src/keys.ts": [],
  "src/sheet.ts": [],
  "src/version.ts": [],
};

const within = (path: string, place: string) =>
  path === place || path.startsWith(`${place}/`) || (place.endsWith(":") && path.startsWith(place));

const placeOf = (path: string) => Object.keys(table).find((place) => within(path, place));

describe("the table of who may import whom", () => {
  test("has a row for every file", () => {
    expect(sources.filter((path) => placeOf(path) === undefined)).toEqual([]);
  });

  test.each(Object.keys(table))("holds for %s", (place) => {
    const wrong = imports.filter(({ from, to }) => {
      if (placeOf(from) !== place || within(to, place)) return false;
      return !(table[place] ?? []).some((allowed) => within(to, allowed));
    });
    expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  test("lets one file name a concrete adapter", () => {
    const namers = imports.filter(
      ({ from, to }) => within(to, "src/adapters") && !within(from, "src/adapters") && !/adapters\/combine/.test(to),
    );
    expect([...new Set(namers.map(({ from }) => from))]).toEqual(["src/embed/connector.ts"]);
  });

  test("sees every import that there is", () => {
    for (const path of sources) {
      const lines = read(path).match(/^(?:import|export)\b.*\sfrom\s|^\}\s*from\s|^import\s+"|\bimport\(\s*"/gm) ?? [];
      expect([path, importsOf(path).length]).toEqual([path, lines.length]);
    }
  });
});

test("no two files import each other, not even by way of others", () => {
  const next = new Map(sources.map((path) => [path, importsOf(path).map(({ to }) => to)]));
  const done = new Set<string>();

  function cycleFrom(path: string, trail: readonly string[]): readonly string[] | undefined {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (done.has(path)) return undefined;
    for (const to of next.get(path) ?? []) {
      const cycle = cycleFrom(to, [...trail, path]);
      if (cycle) return cycle;
    }
    done.add(path);
    return undefined;
  }
  const cycles = sources.map((path) => cycleFrom(path, [])?.join(" → "));
  expect(cycles.find((cycle) => cycle !== undefined)).toBeUndefined();
});

test("the loader is small: of the rest of the widget it knows types, and a few functions without any library", () => {
  const valueImports = filesOf("src/loader", /\.ts$/)
    .flatMap((path) => [...read(path).matchAll(/^import (?!type)[^"]*"([^"]+)"/gm)].map(([, to = ""]) => to))
    .filter((to) => to.startsWith("../"));
  expect([...new Set(valueImports)].toSorted()).toEqual([
    "../core/contract/json.ts",
    "../i18n/start-language.ts",
    "../keys.ts",
    "../sheet.ts",
    "../version.ts",
  ]);
});

test("nothing turns text into markup or code", () => {
  const sink =
    /\b(?:innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|setHTMLUnsafe|createContextualFragment|DOMParser|srcdoc)\b|\beval\s*\(|\bnew\s+Function\b|\bdocument\s*\.\s*write(?:ln)?\b/g;
  const found = sources.flatMap((path) => [...read(path).matchAll(sink)].map(([text]) => `${path}: ${text}`));
  expect(found).toEqual([]);
});

test("what runs in a page makes JSON in one place, past what the page has done to the prototypes", () => {
  const inPage = /^src\/(?:core|loader|embed|ui|i18n|pictures|adapters\/rest)\//;
  const found = sources.filter((path) => inPage.test(path) && read(path).includes("JSON.stringify("));
  expect(found).toEqual(["src/core/contract/json.ts"]);
});

test("style sheets follow the direction of writing", () => {
  const physical = [
    /(?:^|[;{\s])(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right|top|bottom)(?:-\w+)*\s*:/,
    /(?:^|[;{\s])(?:left|right|top|bottom)\s*:/,
    /(?:^|[;{\s])border-(?:top|bottom)-(?:left|right)-radius\s*:/,
    /(?:^|[;{\s])(?:min-|max-)?(?:width|height)\s*:/,
    /(?:^|[;{\s])(?:text-align|float|clear)\s*:\s*(?:left|right)\b/,
  ];
  const sheets = filesOf("src", /\.css$/);
  expect(sheets.length).toBeGreaterThan(4);
  const found = sheets.flatMap((path) =>
    read(path)
      .split("\n")
      .flatMap((line, index) => {
        const [rule = ""] = line.startsWith("@media") || line.startsWith("@container") ? [] : [line];
        return physical.some((pattern) => pattern.test(rule)) ? [`${path}:${index + 1}: ${line.trim()}`] : [];
      }),
  );
  expect(found).toEqual([]);
});

test("no file is longer than 300 lines, blank ones and comments aside", () => {
  const code = [...filesOf("src", /\.(?:tsx?|css)$/), ...filesOf("demo", /\.(?:tsx?|js)$/)];
  const long = code.flatMap((path) => {
    const lines = read(path)
      .replaceAll(/\/\*[\s\S]*?\*\//g, "")
      .split("\n")
      .filter((line) => line.trim() !== "" && !line.trim().startsWith("//"));
    return lines.length > 300 ? [`${path}: ${lines.length}`] : [];
  });
  expect(long).toEqual([]);
});

test("every request of ky's ends with its signal: Node loses the abort of ky's own Request", () => {
  const callers = filesOf("src", /\.tsx?$/).filter((path) => /from "ky"/.test(read(path)));
  expect(callers.length).toBeGreaterThan(2);
  expect(callers.filter((path) => !read(path).includes("fetch: fetchUntil("))).toEqual([]);
});
