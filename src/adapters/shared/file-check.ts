import { AdapterError } from "../../core/contract/errors.ts";
import { invalid } from "./invalid.ts";

/** Rejects with `too-large`, or with `invalid` for a file without a byte. */
export function checkFile({ name, size }: File, maxBytes: number): void {
  if (size > maxBytes) throw new AdapterError("too-large", `"${name}" has ${size} bytes, the limit is ${maxBytes}`);
  if (size === 0) throw invalid({ file: "is empty" });
}

/** The files that a draft names, each once. Rejects with `invalid` when they are too many. */
export function fileIds(ids: readonly string[] | undefined, most: number): readonly string[] {
  const wanted = [...new Set(ids)];
  if (wanted.length > most) throw invalid({ attachments: `must not be more than ${most} files` });
  return wanted;
}

/** Another member's file, in the same words as one that is not there. */
export function unknownFile(id: string): AdapterError {
  return invalid({ attachments: `has no file "${id}"` });
}
