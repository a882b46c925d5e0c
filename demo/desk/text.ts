import type { Rating } from "../../src/core/contract/adapter.ts";
import { AdapterError } from "../../src/core/contract/errors.ts";
import { textLimit, titleLimit } from "../../src/core/contract/limits.ts";

/** Rejects with `invalid` and names every field that is empty or too long. */
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

/** A message must have text or files. */
export function checkDraft(draft: { readonly text: string; readonly attachments?: readonly string[] }): void {
  if (draft.text.trim() === "" && (draft.attachments?.length ?? 0) > 0) return;
  checkTexts({ text: draft.text });
}

export function checkRating({ comment, score }: Rating): void {
  if (![1, 2, 3, 4, 5].includes(score)) {
    throw new AdapterError("invalid", "A score is a whole number from 1 to 5.", { fields: { score: "1 to 5" } });
  }
  if (comment !== undefined && comment.length > textLimit) {
    const message = `At most ${textLimit} characters.`;
    throw new AdapterError("invalid", message, { fields: { comment: message } });
  }
}
