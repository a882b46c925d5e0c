import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { adapterErrorCodes } from "../../src/core/contract/errors.ts";

const root = new URL("../../", import.meta.url);
const tagsIn = (folder: string) =>
  readdirSync(new URL(folder, root))
    .filter((file) => file.endsWith(".json"))
    .map((file) => file.replace(".json", ""));
const tags = tagsIn("locales/");

const byLetter = (left: string, right: string) => left.localeCompare(right);

/** "chat.wait_one" → "about {{count}} minute to wait" */
type Texts = ReadonlyMap<string, string>;

function read(tag: string, folder = "locales/"): Texts {
  const groups: Record<string, object> = JSON.parse(readFileSync(new URL(`${folder}${tag}.json`, root), "utf8"));
  return new Map(
    Object.entries(groups).flatMap(([group, texts]) =>
      Object.entries(texts).map(([key, text]) => [`${group}.${key}`, String(text)] as const),
    ),
  );
}

const form = /_(zero|one|two|few|many|other)$/;
const en = read("en");
const plurals = [...en.keys()].filter((key) => key.endsWith("_other")).map((key) => key.replace(form, ""));
const isPlural = (key: string) => plurals.includes(key.replace(form, ""));
const baseOf = (key: string) => (isPlural(key) ? key.replace(form, "") : key);
const bases = (texts: Texts) => [...new Set([...texts.keys()].map(baseOf))].toSorted(byLetter);
const placeholders = (text: string) =>
  [...text.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, name = ""]) => name).toSorted(byLetter);

/** A form of one number alone, such as the Arabic dual, says the number by itself: "رسالتان". */
function saysTheNumber(tag: string, category: string | undefined): boolean {
  const rules = new Intl.PluralRules(tag);
  return (
    Array.from({ length: 1001 }, (_, number) => rules.select(number)).filter((one) => one === category).length === 1
  );
}

test("every language has the texts of the pictures too", () => {
  expect(tagsIn("locales/pictures/").toSorted(byLetter)).toEqual(tags.toSorted(byLetter));
});

describe.each(tags)("the texts of %s", (tag) => {
  const texts = read(tag);

  test("are all there, and none too many", () => {
    expect(bases(texts)).toEqual(bases(en));
  });

  test("have the plural forms of the language", () => {
    const categories = new Intl.PluralRules(tag).resolvedOptions().pluralCategories.toSorted(byLetter);
    for (const key of plurals) {
      const forms = [...texts.keys()]
        .filter((one) => isPlural(one) && baseOf(one) === key)
        .map((one) => form.exec(one)?.[1] ?? "");
      expect([key, forms.toSorted(byLetter)]).toEqual([key, categories]);
    }
  });

  test("say the same placeholders as the English", () => {
    for (const [key, text] of texts) {
      const wanted = placeholders(en.get(isPlural(key) ? `${baseOf(key)}_other` : key) ?? "");
      const category = isPlural(key) ? form.exec(key)?.[1] : undefined;
      // Nothing is said of a limit or a wait of zero things.
      if (category === "zero") continue;
      const given = placeholders(text);
      if (category && saysTheNumber(tag, category) && !given.includes("count")) given.push("count");
      expect([key, given.toSorted(byLetter)]).toEqual([key, wanted]);
    }
  });

  test("are never empty, and never the English left in place", () => {
    const sentences = [...texts].filter(([key, text]) => text.trim() === "" || (tag !== "en" && isLeft(key, text)));
    expect(sentences).toEqual([]);
  });
});

/** Three words or more that are letter for letter the English. */
function isLeft(key: string, text: string, english = en): boolean {
  return text === english.get(key) && text.replaceAll(/\{\{\w+\}\}/g, "").split(/\p{L}+/u).length > 3;
}

describe.each(tags)("the texts of the pictures in %s", (tag) => {
  const english = read("en", "locales/pictures/");
  const texts = read(tag, "locales/pictures/");

  test("are those of the English, with the same placeholders", () => {
    const shape = (all: Texts) => [...all].map(([key, text]) => [key, placeholders(text)]);
    expect(shape(texts)).toEqual(shape(english));
  });

  test("need no plurals: there is nothing that would choose the form", () => {
    expect([...texts.keys()].filter((key) => form.test(key))).toEqual([]);
  });

  test("are never empty, and never the English left in place", () => {
    const left = [...texts].filter(([key, text]) => text.trim() === "" || (tag !== "en" && isLeft(key, text, english)));
    expect(left).toEqual([]);
  });
});

test("Slovenian has its four forms", () => {
  const sl = read("sl");
  const forms = ["one", "two", "few", "other"].map((one) => sl.get(`tickets.awaitingCount_${one}`));
  expect(forms).toEqual([
    "{{count}} čaka na vas",
    "{{count}} čakata na vas",
    "{{count}} čakajo na vas",
    "{{count}} čaka na vas",
  ]);
});

function sourceOf(isMeant: (path: string) => boolean): string {
  return readdirSync(new URL("src/", root), { recursive: true, encoding: "utf8" })
    .filter((path) => /\.tsx?$/.test(path) && isMeant(path))
    .map((path) => readFileSync(new URL(`src/${path}`, root), "utf8"))
    .join("\n");
}

describe("the keys of en.json", () => {
  const source = sourceOf((path) => !path.startsWith("pictures/"));
  /** The keys that are put together where they are used, by the beginning that stands in the source. */
  const templates: Readonly<Record<string, readonly string[]>> = {
    "errors.": adapterErrorCodes,
    "message.": ["waiting", "uploading", "sending"],
    "form.": ["did", "happened", "expected"],
    "tickets.": ["open", "awaiting", "all"],
    "chat.rating_": ["1", "2", "3", "4", "5"],
    "chat.": ["sent", "delivered", "read"],
    "context.": ["page", "browser", "screen", "language", "appVersion", "errors"],
    "inLanguage.": [...en.keys()]
      .filter((key) => key.startsWith("inLanguage."))
      .map((key) => key.replace("inLanguage.", "")),
  };
  const composed = Object.entries(templates).flatMap(([start, ends]) => ends.map((end) => start + end));

  test("are all used somewhere", () => {
    // Those of the start are taken by name, as a whole: src/embed/loading/start-texts.ts.
    const isTaken = (key: string) => composed.includes(key) || key.startsWith("start.");
    const unused = bases(en).filter((key) => !isTaken(key) && !source.includes(`"${key}"`));
    expect(unused).toEqual([]);
  });

  test("hold every key that the source puts together", () => {
    const starts = new Set([...source.matchAll(/\bt\(`([\w.]+)\$\{/g)].map(([, start = ""]) => start));
    expect([...starts].toSorted(byLetter)).toEqual(Object.keys(templates).toSorted(byLetter));
    expect(composed.filter((key) => !en.has(key))).toEqual([]);
  });
});

test("the keys of the pictures' en.json are all used somewhere", () => {
  const source = sourceOf((path) => path.startsWith("pictures/"));
  const named = new Set([...source.matchAll(/"((?:\w+\.)?\w+)"/g)].map(([, key]) => key));
  // Put together of a group and the name of a tool, a direction or a state.
  const isUsed = (key: string) => named.has(key) || named.has(key.slice(key.indexOf(".") + 1));
  expect([...read("en", "locales/pictures/").keys()].filter((key) => !isUsed(key))).toEqual([]);
});
