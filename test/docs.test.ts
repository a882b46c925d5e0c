import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import packageJson from "../package.json" with { type: "json" };
import { accessibility, readReport } from "../scripts/accessibility.ts";
import { reference } from "../scripts/reference.ts";
import { criteria } from "../scripts/wcag-criteria.ts";
import { defaultRates } from "../src/gateway/rate-limits.ts";
import { routes } from "../src/protocol/routes.ts";

const root = new URL("../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");
const exists = (path: string) => existsSync(new URL(path, root));
const documents = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "llms.txt"].concat(
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

test("the reference is the one that the types give: npm run reference", () => {
  expect(read("docs/reference.md")).toBe(reference());
});

describe("the accessibility report", () => {
  /** WCAG 2.2, levels A and AA, with 4.1.1, which 2.2 calls obsolete and the format still lists. */
  const wcag = `
    1.1.1 1.2.1 1.2.2 1.2.3 1.2.4 1.2.5 1.3.1 1.3.2 1.3.3 1.3.4 1.3.5 1.4.1 1.4.2 1.4.3 1.4.4 1.4.5 1.4.10 1.4.11 1.4.12 1.4.13
    2.1.1 2.1.2 2.1.4 2.2.1 2.2.2 2.3.1 2.4.1 2.4.2 2.4.3 2.4.4 2.4.5 2.4.6 2.4.7 2.4.11 2.5.1 2.5.2 2.5.3 2.5.4 2.5.7 2.5.8
    3.1.1 3.1.2 3.2.1 3.2.2 3.2.3 3.2.4 3.2.6 3.3.1 3.3.2 3.3.3 3.3.4 3.3.7 3.3.8 4.1.1 4.1.2 4.1.3`;
  const { success_criteria_level_a: a, success_criteria_level_aa: aa } = readReport().chapters;
  const rows = [...a.criteria, ...aa.criteria];

  test("is the page that the YAML gives: npm run accessibility", () => {
    expect(read("docs/accessibility.md")).toBe(accessibility());
  });

  test("has every criterion of levels A and AA once, under its level", () => {
    expect(rows.map(({ num }) => num).toSorted()).toEqual(wcag.trim().split(/\s+/).toSorted());
    expect(a.criteria.map(({ num }) => num)).toEqual(Object.keys(criteria.success_criteria_level_a));
    expect(aa.criteria.map(({ num }) => num)).toEqual(Object.keys(criteria.success_criteria_level_aa));
  });

  test("claims nothing that neither a test nor the source shows", () => {
    const claimed = rows.filter(({ components: [{ adherence }] }) => adherence.level !== "not-applicable");
    const bare = claimed.filter(({ components: [{ adherence }] }) => !/`test\/|read in `/.test(adherence.notes));
    expect(bare.map(({ num }) => num)).toEqual([]);
  });

  test.each(rows.map(({ num, components: [{ adherence }] }) => [num, adherence.notes] as const))(
    "%s names tests and files that are there",
    (_, notes) => {
      const named = [...notes.matchAll(/`(test\/[\w./-]+)`: ((?:"[^"]+"(?:, )?)+)/g)].flatMap(
        ([, file = "", titles = ""]) => Array.from(titles.matchAll(/"([^"]+)"/g), ([, title = ""]) => [file, title]),
      );
      expect(named.filter(([file = "", title]) => !read(file).includes(`"${title}",`))).toEqual([]);
      const paths = [...notes.matchAll(/`((?:src|test|locales)\/[^`]*)`/g)].map(([, path = ""]) => path);
      expect(paths.filter((path) => !exists(path))).toEqual([]);
      expect(notes).not.toMatch(/\.test\.tsx?`(?!: ")/);
    },
  );
});
