import { fileURLToPath } from "node:url";
import type { GenericSchema } from "valibot";
import * as v from "valibot";
import { expect, test } from "vitest";
import { build } from "vite";
import * as data from "../../src/protocol/data.ts";
import { problemDocument } from "../../src/protocol/problems.ts";
import * as small from "../../scripts/small-valibot.ts";

type Small = Parameters<typeof small.safeParse>[0];

/** The same schemas, made by what the script has in valibot's place. */
async function smallSchemas(file: string): Promise<Readonly<Record<string, Small>>> {
  const place = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
  const built = await build({
    configFile: false,
    logLevel: "silent",
    resolve: { alias: { valibot: place("scripts/small-valibot.ts") } },
    build: { write: false, minify: false, lib: { entry: place(file), formats: ["es"], fileName: "module" } },
  });
  const chunk = Array.isArray(built) ? built[0]?.output[0] : undefined;
  if (!chunk) throw new Error(`${file} was not built`);
  const module: Record<string, Small> = await import(`data:text/javascript,${encodeURIComponent(chunk.code)}`);
  return module;
}

/** Values that fit: with and without what may be left out, and each of what a value may be. */
function samples(schema: unknown): readonly unknown[] {
  const { type, entries, item, options, literal, wrapped, value } = schema as {
    type: string;
    entries?: Record<string, unknown>;
    item?: unknown;
    options?: unknown[];
    literal?: unknown;
    wrapped?: unknown;
    value?: unknown;
  };
  switch (type) {
    case "string":
      return ["text", ""];
    case "number":
      return [1, -0.5];
    case "boolean":
      return [true, false];
    case "literal":
      return [literal];
    case "picklist":
      return options ?? [];
    case "exact_optional":
      return samples(wrapped);
    case "array":
      return [[], samples(item)];
    case "record":
      return [{}, Object.fromEntries(samples(value).map((each, index) => [`key${index}`, each]))];
    case "union":
    case "variant":
      return (options ?? []).flatMap(samples);
    case "object":
      return samplesOfObject(entries ?? {});
    default:
      throw new Error(`the small copy knows no ${type}`);
  }
}

function samplesOfObject(entries: Readonly<Record<string, unknown>>): readonly unknown[] {
  const pick = (round: number, keep: (key: string) => boolean) =>
    Object.fromEntries(
      Object.entries(entries)
        .filter(([key]) => keep(key))
        .map(([key, schema]) => {
          const all = samples(schema);
          return [key, all[round % all.length]];
        }),
    );
  const isNeeded = (key: string) => (entries[key] as { type: string }).type !== "exact_optional";
  const rounds = Array.from({ length: 4 }, (_, round) => pick(round, () => true));
  return [...rounds, pick(0, isNeeded), { ...pick(1, isNeeded), unknown: { a: [1] } }];
}

/** The value with one thing in it spoiled, for every thing that is in it. */
function* spoiled(value: unknown): Generator {
  yield* [null, 0, "", [], {}, "x", true, { type: "nothing" }];
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    const without = Array.isArray(value)
      ? value.filter((_, index) => String(index) !== key)
      : Object.fromEntries(Object.entries(value).filter(([other]) => other !== key));
    yield without;
    for (const bad of spoiled(inner)) {
      yield Array.isArray(value)
        ? value.map((each, index) => (String(index) === key ? bad : each))
        : { ...value, [key]: bad };
    }
  }
}

const isSchema = (value: unknown): value is GenericSchema =>
  typeof value === "object" && value !== null && "~run" in value;
const fromJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const outcome = (result: { success: boolean; output?: unknown }) => (result.success ? { fits: result.output } : "no");

test("an answer fits or not, and reads the same, as with the whole library", async () => {
  const copies = await smallSchemas("src/protocol/data.ts");
  const schemas = Object.entries(data).filter(([, schema]) => isSchema(schema));
  expect(schemas.length).toBeGreaterThan(15);
  let compared = 0;
  for (const [name, schema] of schemas) {
    const copy = copies[name];
    if (!copy || !isSchema(schema)) throw new Error(`${name} is missing`);
    for (const sample of samples(schema)) {
      expect([name, v.safeParse(schema, fromJson(sample)).success]).toEqual([name, true]);
      for (const value of [sample, ...spoiled(sample)]) {
        const json = fromJson(value);
        expect([name, outcome(small.safeParse(copy, json))]).toEqual([name, outcome(v.safeParse(schema, json))]);
        compared += 1;
      }
    }
  }
  expect(compared).toBeGreaterThan(2_000);
});

test("so does a problem document; and the error says where the answer is wrong", async () => {
  const { problemDocument: copy } = await smallSchemas("src/protocol/problems.ts");
  if (!copy) throw new Error("problemDocument is missing");
  for (const value of [...samples(problemDocument), ...samples(problemDocument).flatMap((one) => [...spoiled(one)])]) {
    const json = fromJson(value);
    expect(outcome(small.safeParse(copy, json))).toEqual(outcome(v.safeParse(problemDocument, json)));
  }
  const result = small.safeParse(copy, { fields: { title: 7 } });
  expect(result.issues?.[0]).toContain("it.fields.title is not a string");
});
