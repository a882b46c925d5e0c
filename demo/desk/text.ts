import { AdapterError } from "../../src/core/errors.ts";

const titleLimit = 300;
const textLimit = 100_000;

/** Rejects with `invalid`, naming every field that is empty or too long. Drafts are kept by whoever wrote them. */
export function checkTexts(texts: Readonly<Record<string, string>>): void {
  const fields: Record<string, string> = {};
  for (const [name, text] of Object.entries(texts)) {
    const limit = name === "text" || name === "question" ? textLimit : titleLimit;
    if (typeof text !== "string" || text.trim() === "") fields[name] = "Write something here.";
    else if (text.length > limit) fields[name] = `At most ${limit} characters.`;
  }
  if (Object.keys(fields).length > 0) {
    throw new AdapterError("invalid", `Not accepted: ${Object.keys(fields).join(", ")}.`, { fields });
  }
}

// Unicode's own categories for what no reader sees: control, format (zero width, bidirectional) and separators.
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** A file name to show: no folders, nothing invisible. It names no file on the disk. */
export function displayName(name: string): string {
  const clean = name.normalize("NFC").replace(unseen, "");
  const last = clean.split(/[/\\]/).at(-1)?.trim() ?? "";
  return last.slice(-200) || "file";
}

/** A message says something, be it by its files alone. */
export function checkDraft(draft: { readonly text: string; readonly attachments?: readonly string[] }): void {
  if (draft.text.trim() === "" && (draft.attachments?.length ?? 0) > 0) return;
  checkTexts({ text: draft.text });
}
