import { fileIds, unknownFile } from "../shared/file-check.ts";
import type { Asker, Desk } from "./desk.ts";

export const MAX_FILES = 10;
/** RT's column for it; some databases cut what is longer, without a word. */
export const TITLE_MAX = 200;

export interface DraftFile {
  readonly id: string;
  readonly file: File;
}

/** The member's own files that were held for a draft. Rejects with `invalid` before anything is written. */
export async function filesFor(
  desk: Desk,
  asker: Asker,
  ids: readonly string[] | undefined,
): Promise<readonly DraftFile[]> {
  return await Promise.all(
    fileIds(ids, MAX_FILES).map(async (id) => {
      const file = await desk.settings.files?.find(id, asker.email);
      if (file === undefined) throw unknownFile(id);
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

/** RT rewrites text that is not UTF-8, and takes mails apart: as plain bytes they stay what they are. */
async function safeType(file: File): Promise<string> {
  if (file.type === "" || /^(?:message|multipart)\//i.test(file.type)) return "application/octet-stream";
  if (!file.type.startsWith("text/")) return file.type;
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
    // Any other charset that it names is not so, and RT would turn it into that.
    return file.type.replace(/;.*$/s, "");
  } catch {
    return "application/octet-stream";
  }
}
