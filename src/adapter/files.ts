import type { Attachment } from "../core/contract/adapter.ts";
import { AdapterError } from "../core/contract/errors.ts";
import { invalid } from "./drafts.ts";

/**
 * Stores a member's files from the upload until their ticket is created, for a desk that takes files only together with
 * a ticket. `filesIn(directory)` of the gateway is one; copies of a gateway share it.
 */
export interface HeldFiles {
  /**
   * Stored once it resolves. The id is the same for the same owner and `clientId`. Rejects with `unavailable` if there
   * is no space.
   */
  hold(file: File, ownerId: string, clientId: string | undefined, signal: AbortSignal): Promise<Attachment>;
  /** Undefined for an unknown or released file, and for another owner's. */
  find(id: string, ownerId: string): Promise<File | undefined>;
  /** Deletes the file, once the desk has it. */
  release(id: string, ownerId: string): Promise<void>;
  /** How many files this owner has. With `remove` they are deleted. */
  erase?(ownerId: string, remove: boolean): Promise<number>;
}

/** Rejects with `too-large`, or with `invalid` for an empty file. */
export function checkFile({ name, size }: File, maxBytes: number): void {
  if (size > maxBytes) throw new AdapterError("too-large", `"${name}" has ${size} bytes, the limit is ${maxBytes}`);
  if (size === 0) throw invalid({ file: "is empty" });
}

/** The files that a draft names, each once. Rejects with `invalid` if there are too many. */
export function fileIds(ids: readonly string[] | undefined, most: number): readonly string[] {
  const wanted = [...new Set(ids)];
  if (wanted.length > most) throw invalid({ attachments: `must not be more than ${most} files` });
  return wanted;
}

/** The same message for another member's file as for a missing one. */
export function unknownFile(id: string): AdapterError {
  return invalid({ attachments: `has no file "${id}"` });
}

/** The number of characters decoded at once: a multiple of four, a few milliseconds. */
const STEP = 1024 * 1024;

/**
 * The bytes of base64 (RFC 4648, section 4), with or without line breaks; undefined if it is invalid. Decodes in
 * chunks, so that other work continues in between, and without a copy of the whole text.
 */
export async function bytesFromBase64(text: string): Promise<readonly Uint8Array<ArrayBuffer>[] | undefined> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let rest = "";
  for (let at = 0; at < text.length; at += STEP) {
    const some = rest + text.slice(at, at + STEP).replaceAll(/[\r\n]+/g, "");
    const whole = at + STEP >= text.length ? some.length : some.length - (some.length % 4);
    rest = some.slice(whole);
    const piece = decoded(some.slice(0, whole));
    if (piece === undefined) return undefined;
    pieces.push(piece);
    // oxlint-disable-next-line no-await-in-loop -- lets other work go on
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return pieces;
}

function decoded(base64: string): Uint8Array<ArrayBuffer> | undefined {
  let binary: string;
  try {
    binary = atob(base64);
  } catch {
    return undefined;
  }
  // An index loop is many times faster than an iterator over the text's characters.
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
  return bytes;
}
