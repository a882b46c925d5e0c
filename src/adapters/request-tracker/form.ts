import { createCached, patternAnywhere, readPattern, type Field } from "../../adapter/index.ts";
import { KEPT_MS, unavailable, type Desk } from "./desk.ts";
import { customField, type RtCustomField } from "./schemas.ts";

export type Form = (signal: AbortSignal) => Promise<readonly Field[]>;

/** The fields of the form: the queue's custom fields that the settings name. Cached for a minute. */
export function createForm(desk: Desk, closed: AbortSignal): Form {
  return createCached(KEPT_MS, async () => {
    const { fields } = desk.settings;
    if (fields.length === 0) return [];
    const known = (await desk.customFields(closed)).ticket;
    return await Promise.all(
      fields.map(async (name) => {
        const id = known.get(name);
        const found = id === undefined ? undefined : fieldOf(await readField(desk, id, closed));
        if (found !== undefined) return found;
        throw unavailable(`the queue has no custom field "${name}" that a form supports`);
      }),
    );
  });
}

export async function readField({ client }: Desk, id: string, signal: AbortSignal): Promise<RtCustomField> {
  return await client.json({ path: `/customfield/${id}` }, customField, signal);
}

/** Undefined for a type that the form does not support, such as a picture or an IP address. */
export function fieldOf(field: RtCustomField): Field | undefined {
  const kind = kindOf(field);
  const isChoice = kind?.endsWith("select") === true;
  if (kind === undefined || (isChoice && field.Values.length === 0)) return undefined;
  const { Name: key, Pattern, EntryHint, Values } = field;
  // RT's patterns begin with a comment, such as "(?#Digits)".
  const [, remark = "", bare = ""] = /^(?:\(\?#([^)]*)\))?(.*)$/s.exec(Pattern) ?? [];
  const options = isChoice ? { options: Values.map((name) => ({ value: name, label: name })) } : {};
  const help = EntryHint || remark;
  return { key, label: key, kind, ...options, ...rulesOf(kind, bare), ...(help === "" ? {} : { help }) };
}

/** RT marks a required field by a pattern that an empty text does not match. */
function rulesOf(kind: Field["kind"], pattern: string): Pick<Field, "required" | "pattern"> {
  if (pattern === "") return {};
  const required = readPattern(pattern)?.test("") === false ? { required: true } : {};
  const whole = kind.endsWith("text") && pattern !== "." ? patternAnywhere(pattern) : undefined;
  return { ...required, ...(whole === undefined ? {} : { pattern: whole }) };
}

const kinds: Readonly<Record<string, Field["kind"]>> = {
  Freeform: "text",
  Autocomplete: "text",
  Text: "long-text",
  Wikitext: "long-text",
  Date: "date",
};

function kindOf({ MaxValues, Type }: RtCustomField): Field["kind"] | undefined {
  if (Type === "Select") return MaxValues === 1 ? "select" : "multi-select";
  return MaxValues === 1 ? kinds[Type] : undefined;
}
