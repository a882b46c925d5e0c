import { AdapterError } from "../../core/errors.ts";
import type { Asker, Desk } from "./desk.ts";

export const MAX_FILES = 10;
/** RT's column for it; some databases cut what is longer, without a word. */
export const TITLE_MAX = 200;

export interface DraftFile {
  readonly id: string;
  readonly file: File;
}

/** Rejects with `invalid`, naming each field that is blank. */
export function requireText(values: Readonly<Record<string, string>>): void {
  const blank = Object.entries(values).filter(([, value]) => value.trim() === "");
  if (blank.length > 0) throw invalid(Object.fromEntries(blank.map(([field]) => [field, "must not be empty"])));
}

export function invalid(fields: Readonly<Record<string, string>>): AdapterError {
  const said = Object.entries(fields).map(([field, fault]) => `${field} ${fault}`);
  return new AdapterError("invalid", `not accepted: ${said.join(", ")}`, { fields });
}

/** The member's own files that were held for a draft. Rejects with `invalid` before anything is written. */
export async function filesFor(
  desk: Desk,
  asker: Asker,
  ids: readonly string[] | undefined,
): Promise<readonly DraftFile[]> {
  const wanted = [...new Set(ids)];
  if (wanted.length > MAX_FILES) throw invalid({ attachments: `must not be more than ${MAX_FILES} files` });
  return await Promise.all(
    wanted.map(async (id) => {
      const file = await desk.settings.files?.find(id, asker.email);
      if (file === undefined) throw invalid({ attachments: `has no file "${id}"` });
      return { id, file };
    }),
  );
}

/** RT has them. One that cannot be let go of now goes with what is too old. */
export async function release(desk: Desk, asker: Asker, files: readonly DraftFile[]): Promise<void> {
  await Promise.allSettled(files.map(async ({ id }) => await desk.settings.files?.release(id, asker.email)));
}

/** As JSON, or with files as a form: in JSON, RT fails on a file's name that has more than Latin letters. */
export async function bodyOf(
  json: Readonly<Record<string, unknown>>,
  files: readonly DraftFile[],
): Promise<{ readonly json: unknown } | { readonly body: FormData }> {
  if (files.length === 0) return { json };
  const form = new FormData();
  form.set("JSON", JSON.stringify(json));
  for (const { file } of files) {
    // oxlint-disable-next-line no-await-in-loop -- one large file in memory is enough
    const type = await safeType(file);
    form.append("Attachments", new File([file], sentName(file), { type }));
  }
  return { body: form };
}

/** A form writes a quotation mark as %22, which RT takes for the name. */
export function sentName({ name }: File): string {
  return name.replaceAll('"', "'");
}

/** RT rewrites text that is not UTF-8: as plain bytes it stays what it is. */
async function safeType(file: File): Promise<string> {
  if (file.type === "") return "application/octet-stream";
  if (!file.type.startsWith("text/")) return file.type;
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
    return file.type;
  } catch {
    return "application/octet-stream";
  }
}
