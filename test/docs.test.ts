import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import packageJson from "../package.json" with { type: "json" };
import { defaultRates } from "../src/gateway/rate-limits.ts";
import { routes } from "../src/protocol/routes.ts";

const root = new URL("../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");
const exists = (path: string) => existsSync(new URL(path, root));
const documents = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"].concat(
  readdirSync(new URL("docs/", root), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
);

describe.each(documents)("%s", (document) => {
  const text = read(document);

  test("links to files that are there", () => {
    const targets = [...text.matchAll(/\]\((?!\w+:|#)([^)#\s]+)/g)].map(([, target = ""]) => target);
    expect(targets.filter((target) => !exists(join(dirname(document), target)))).toEqual([]);
  });

  test("names files of src, test, demo and scripts that are there", () => {
    const named = [...text.matchAll(/`((?:src|test|demo|scripts|locales|docs)\/[\w./-]+)`/g)].map(
      ([, path = ""]) => path,
    );
    expect(named.filter((path) => !exists(path))).toEqual([]);
  });

  test("names commands that there are", () => {
    const named = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name = ""]) => name);
    expect(named.filter((name) => !Object.hasOwn(packageJson.scripts, name))).toEqual([]);
  });
});

test("the table of the protocol has every route", () => {
  const rows = read("docs/protocol.md");
  const missing = Object.values(routes).filter(({ method, path }) => !rows.includes(`| ${method} | \`${path}\` |`));
  expect(missing).toEqual([]);
});

test("every limit stands among the bounds", () => {
  const bounds = read("docs/operate.md");
  const rows = [...bounds.matchAll(/^\| `(\w+)` \| an? .* \| (\d[\d,]*\d|\d)\D/gm)].map(
    ([, name = "", capacity = ""]) => [name, Number(capacity.replace(",", ""))],
  );
  expect(Object.fromEntries(rows)).toEqual(
    Object.fromEntries(Object.entries(defaultRates).map(([name, { capacity }]) => [name, capacity])),
  );
});

test("every dependency has its reason", () => {
  const decisions = read("docs/decisions.md");
  const names = Object.keys({ ...packageJson.dependencies, ...packageJson.devDependencies });
  const bold = [...decisions.matchAll(/^\*\*(.+?)\*\*/gm)].map(([, name = ""]) => name).join(" ");
  const missing = names.filter((name) => !new RegExp(`(^|[\\s,])${name}($|[\\s,])`).test(bold));
  expect(missing).toEqual([]);
});
