import type { Field } from "../../core/contract/adapter.ts";
import { AdapterError } from "../../core/contract/errors.ts";
import { createKept } from "../shared/kept.ts";
import { KEPT_MS, type Desk } from "./desk.ts";
import { customField as schema, type RtCustomField } from "./schemas.ts";

export type Form = (signal: AbortSignal) => Promise<readonly Field[]>;

/** What the form asks for: those of the queue's custom fields that the settings name. Read anew once a minute. */
export function createForm(desk: Desk): Form {
  return createKept(KEPT_MS, async () => await readForm(desk, desk.closed));
}

async function readForm(desk: Desk, signal: AbortSignal): Promise<readonly Field[]> {
  if (desk.settings.fields.length === 0) return [];
  const known = (await desk.customFields(signal)).ticket;
  return await Promise.all(
    desk.settings.fields.map(async (name) => {
      const id = known.get(name);
      const found = id === undefined ? undefined : fieldOf(await readField(desk, id, signal));
      if (found !== undefined) return found;
      throw new AdapterError("unavailable", `the queue has no custom field "${name}" that a form can ask for`);
    }),
  );
}

export async function readField(desk: Desk, id: string, signal: AbortSignal): Promise<RtCustomField> {
  return await desk.client.json({ path: `/customfield/${id}` }, schema, signal);
}

/** Undefined for a kind that the form has no field for, such as a picture or an address of a network. */
export function fieldOf(field: RtCustomField): Field | undefined {
  const kind = kindOf(field);
  if (kind === undefined) return undefined;
  const options = field.Values.map((name) => ({ value: name, label: name }));
  if (kind.endsWith("select") && options.length === 0) return undefined;
  const pattern = kind.endsWith("text") ? patternOf(field.Pattern) : undefined;
  // RT itself says so by a pattern that nothing does not fit.
  const required = isRequired(field.Pattern);
  const help = field.EntryHint || remarkOf(field.Pattern);
  return {
    key: field.Name,
    label: field.Name,
    kind,
    ...(kind.endsWith("select") ? { options } : {}),
    ...(required ? { required } : {}),
    ...(help ? { help } : {}),
    ...(pattern === undefined ? {} : { pattern }),
  };
}

function kindOf({ Type, MaxValues }: RtCustomField): Field["kind"] | undefined {
  const single = MaxValues === 1;
  if (Type === "Select") return single ? "select" : "multi-select";
  if (!single) return undefined;
  if (Type === "Freeform" || Type === "Autocomplete") return "text";
  if (Type === "Text" || Type === "Wikitext") return "long-text";
  return Type === "Date" ? "date" : undefined;
}

/** RT's patterns are Perl's, with a remark in front such as "(?#Digits)", and may fit anywhere in the value. */
function patternOf(pattern: string): string | undefined {
  const bare = withoutRemark(pattern);
  if (bare === "" || bare === ".") return undefined;
  const whole = String.raw`[\s\S]*(?:${bare})[\s\S]*`;
  return read(whole) === undefined ? undefined : whole;
}

function isRequired(pattern: string): boolean {
  const bare = withoutRemark(pattern);
  return bare !== "" && read(bare)?.test("") === false;
}

function withoutRemark(pattern: string): string {
  return pattern.replace(/^\(\?#[^)]*\)/, "");
}

function remarkOf(pattern: string): string {
  return /^\(\?#([^)]*)\)/.exec(pattern)?.[1] ?? "";
}

function read(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern, "v");
  } catch {
    return undefined;
  }
}
