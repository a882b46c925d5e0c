import { ascii, type Bytes, malformed } from "./bytes.ts";

const HEAD_BYTES = 13;
const EXTENSION = 0x21;
const FRAME = 0x2c;
const TRAILER = 0x3b;
const PLAIN_TEXT = 0x01;
const GRAPHIC_CONTROL = 0xf9;
const APPLICATION = 0xff;
/** The application extension with the loop count; at this length, it holds nothing else. */
const LOOP_BYTES = 19;

/** Keeps frames and their timing (GIF89a); drops comments and all application extensions except the loop count. */
export function cleanGif(bytes: Bytes): Bytes[] {
  let at = HEAD_BYTES + colours(bytes[10] ?? 0);
  const parts = [bytes.subarray(0, at)];
  for (;;) {
    const kind = bytes[at];
    if (kind === TRAILER) return [...parts, bytes.subarray(at, at + 1)];
    const end = blocksEnd(bytes, dataStart(bytes, at));
    const block = bytes.subarray(at, end);
    if (kind === FRAME || isNeeded(block)) parts.push(block);
    at = end;
  }
}

/** The length of a colour table in bytes, from the packed field that describes it. */
const colours = (field: number) => (field & 0x80 ? 3 * 2 ** ((field & 7) + 1) : 0);

function dataStart(bytes: Bytes, at: number): number {
  if (bytes[at] === EXTENSION) return at + 2;
  if (bytes[at] === FRAME) return at + 10 + colours(bytes[at + 9] ?? 0) + 1;
  throw malformed();
}

function isNeeded(extension: Bytes): boolean {
  const label = extension[1];
  if (label === APPLICATION) {
    return extension.length === LOOP_BYTES && /^(?:NETSCAPE2\.0|ANIMEXTS1\.0)$/.test(ascii(extension, 3, 11));
  }
  return label === GRAPHIC_CONTROL || label === PLAIN_TEXT;
}

/** The offset after a chain of length-prefixed blocks. */
function blocksEnd(bytes: Bytes, start: number): number {
  let at = start;
  for (let length = bytes[at]; length; length = bytes[at]) at += 1 + length;
  if (at >= bytes.length) throw malformed();
  return at + 1;
}
