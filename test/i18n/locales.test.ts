import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { adapterErrorCodes } from "../../src/core/contract/errors.ts";

const root = new URL("../../", import.meta.url);
const tags = readdirSync(new URL("locales/", root)).map((file) => file.replace(".json", ""));

const byLetter = (left: string, right: string) => left.localeCompare(right);

/** "chat.wait_one" → "about {{count}} minute" */
type Texts = ReadonlyMap<string, string>;

function read(tag: string): Texts {
  const groups: Record<string, object> = JSON.parse(readFileSync(new URL(`locales/${tag}.json`, root), "utf8"));
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

/** A form for a single number, such as the Arabic dual, may imply the number: "رسالتان". */
function saysTheNumber(tag: string, category: string | undefined): boolean {
  const rules = new Intl.PluralRules(tag);
  return (
    Array.from({ length: 1001 }, (_, number) => rules.select(number)).filter((one) => one === category).length === 1
  );
}

describe.each(tags)("the texts of %s", (tag) => {
  const texts = read(tag);

  test("are complete, with no unknown keys", () => {
    expect(bases(texts)).toEqual(bases(en));
  });

  test("have the language's plural forms", () => {
    const categories = new Intl.PluralRules(tag).resolvedOptions().pluralCategories.toSorted(byLetter);
    for (const key of plurals) {
      const forms = [...texts.keys()]
        .filter((one) => isPlural(one) && baseOf(one) === key)
        .map((one) => form.exec(one)?.[1] ?? "");
      expect([key, forms.toSorted(byLetter)]).toEqual([key, categories]);
    }
  });

  test("have the same placeholders as the English texts", () => {
    for (const [key, text] of texts) {
      const wanted = placeholders(en.get(isPlural(key) ? `${baseOf(key)}_other` : key) ?? "");
      const category = isPlural(key) ? form.exec(key)?.[1] : undefined;
      // No text is about zero minutes or zero files.
      if (category === "zero") continue;
      const given = placeholders(text);
      if (category && saysTheNumber(tag, category) && !given.includes("count")) given.push("count");
      expect([key, given.toSorted(byLetter)]).toEqual([key, wanted]);
    }
  });

  test("are never empty or left in English", () => {
    const sentences = [...texts].filter(([key, text]) => text.trim() === "" || (tag !== "en" && isLeft(key, text)));
    expect(sentences).toEqual([]);
  });
});

/** Three words or more that are identical to the English text. */
function isLeft(key: string, text: string): boolean {
  return text === en.get(key) && text.replaceAll(/\{\{\w+\}\}/g, "").split(/\p{L}+/u).length > 3;
}

test("Slovenian has its four plural forms", () => {
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

const isOfPictures = (key: string) => /^(?:capture|editor|viewer)\./.test(key);

describe("the keys of en.json", () => {
  const source = sourceOf((path) => !path.startsWith("pictures/"));
  /** Keys composed at run time, by their prefix in the source. */
  const templates: Readonly<Record<string, readonly string[]>> = {
    "errors.": adapterErrorCodes,
    "message.": ["waiting", "uploading", "sending"],
    "form.": ["did", "happened", "expected"],
    "tickets.": ["open", "awaiting", "all"],
    "chat.rating_": ["1", "2", "3", "4", "5"],
    "chat.": ["sent", "delivered", "read"],
    "context.": ["page", "browser", "screen", "language", "appVersion", "errors"],
  };
  const composed = Object.entries(templates).flatMap(([start, ends]) => ends.map((end) => start + end));

  test("are all used", () => {
    // Keys used as a whole group: src/loader/start-texts.ts, src/ui/chat/in-language.ts.
    const isTaken = (key: string) => composed.includes(key) || /^(?:start|inLanguage)\./.test(key);
    const unused = bases(en).filter((key) => !isTaken(key) && !isOfPictures(key) && !source.includes(`"${key}"`));
    expect(unused).toEqual([]);
  });

  test("of the pictures are all used there", () => {
    const theirs = sourceOf((path) => path.startsWith("pictures/"));
    const named = new Set([...theirs.matchAll(/"((?:\w+\.)?\w+)"/g)].map(([, key]) => key));
    // Some are composed of a group and the name of a tool, direction or state.
    const isUsed = (key: string) => named.has(key) || named.has(key.slice(key.indexOf(".") + 1));
    expect([...en.keys()].filter((key) => isOfPictures(key) && !isUsed(key))).toEqual([]);
  });

  test("include every key that the source composes", () => {
    const starts = new Set([...source.matchAll(/\bt\(`([\w.]+)\$\{/g)].map(([, start = ""]) => start));
    expect([...starts].toSorted(byLetter)).toEqual(Object.keys(templates).toSorted(byLetter));
    expect(composed.filter((key) => !en.has(key))).toEqual([]);
  });
});
