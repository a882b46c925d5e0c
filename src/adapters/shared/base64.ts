/** So much is decoded in one go: a multiple of four, a few milliseconds. */
const STEP = 1024 * 1024;

/**
 * The bytes of base64 (RFC 4648, section 4), with or without line breaks; undefined for what is none. Piece by piece: other
 * work goes on in between, and no second text of the whole length is made.
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
  // An index each is many times faster than an iterator over the text's characters.
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
  return bytes;
}
