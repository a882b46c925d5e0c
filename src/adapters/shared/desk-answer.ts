import { AdapterError } from "../../core/contract/errors.ts";
import { limits } from "./desk-limits.ts";

/** Reads a desk's answer, of which nobody knows how long it is. Rejects with `too-large`, and reads no further. */
export async function readText(response: Response, most: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of chunksOf(response, most)) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}

/** As `readText`; in the pieces in which it came. */
export async function readBytes(response: Response, most: number): Promise<readonly Uint8Array<ArrayBuffer>[]> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for await (const chunk of chunksOf(response, most)) pieces.push(chunk);
  return pieces;
}

/** The beginning of what a desk says with a refusal. */
export async function readRefusal(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let left: number = limits.REFUSAL_BYTES;
  for await (const chunk of chunksOf(response, Infinity)) {
    text += decoder.decode(chunk.subarray(0, left), { stream: true });
    left -= chunk.length;
    if (left <= 0) break;
  }
  return text;
}

async function* chunksOf(response: Response, most: number): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const reader = response.body?.getReader();
  if (!reader) return;
  let length = 0;
  try {
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other, as they come
      const { done, value } = await reader.read();
      if (done) return;
      length += value.length;
      if (length > most) throw new AdapterError("too-large", `the desk's answer has more than ${most} bytes`);
      yield value;
    }
  } finally {
    // Nothing happens to what was read to its end.
    reader.cancel().catch(() => undefined);
  }
}

/** Whether JSON is nested no deeper than that: what is, takes far more memory than its text. In linear time. */
export function isShallow(text: string, most: number = limits.ANSWER_DEPTH): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '"') at = endOfString(text, at);
    else if (char === "[" || char === "{") depth += 1;
    else if (char === "]" || char === "}") depth -= 1;
    if (depth > most) return false;
  }
  return true;
}

function endOfString(text: string, start: number): number {
  for (let at = start; ;) {
    at = text.indexOf('"', at + 1);
    if (at === -1) return text.length;
    let before = at - 1;
    while (text[before] === "\\") before -= 1;
    if ((at - before) % 2 === 1) return at;
  }
}
