import { ascii, type Bytes, malformed, viewOf } from "./bytes.ts";
import { orientationBlock, orientationOf } from "./orientation.ts";

const HEAD_BYTES = 12;
const EXIF_FLAG = 0x08;
const XMP_FLAG = 0x04;

const kept = new Set(["VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP"]);

/** Keeps the image chunks (RFC 9649) and corrects sizes and flags. */
export function cleanWebp(bytes: Bytes): Bytes[] {
  const view = viewOf(bytes);
  const fileEnd = 8 + view.getUint32(4, true);
  if (fileEnd > bytes.length) throw malformed();
  const parts: Bytes[] = [];
  let orientation = 1;
  let at = HEAD_BYTES;
  while (at + 8 <= fileEnd) {
    const size = view.getUint32(at + 4, true);
    const dataEnd = at + 8 + size;
    if (dataEnd > fileEnd) throw malformed();
    const name = ascii(bytes, at, 4);
    if (name === "EXIF") orientation = orientationOf(tiffOf(bytes.subarray(at + 8, dataEnd)));
    if (kept.has(name)) parts.push(padded(bytes.subarray(at, dataEnd)));
    at = dataEnd + (size % 2);
  }
  if (at < fileEnd || parts.length === 0) throw malformed();
  return assemble(parts, orientation);
}

/** A chunk of odd size has a padding byte, which some encoders omit after the last chunk. */
function padded(chunk: Bytes): Bytes {
  const whole = new Uint8Array(chunk.length + (chunk.length % 2));
  whole.set(chunk);
  return whole;
}

/** Some encoders prepend "Exif", as in a JPEG. */
const tiffOf = (block: Bytes) => (ascii(block, 0, 4) === "Exif" ? block.subarray(6) : block);

function assemble(parts: Bytes[], orientation: number): Bytes[] {
  const [first] = parts;
  const extended = first !== undefined && ascii(first, 0, 4) === "VP8X" && first.length >= 18 ? first : undefined;
  if (extended) {
    const turned = orientation === 1 ? 0 : EXIF_FLAG;
    extended[8] = ((extended[8] ?? 0) & ~(EXIF_FLAG | XMP_FLAG)) | turned;
    if (turned) parts.push(exif(orientation));
  }
  const head = new Uint8Array(HEAD_BYTES);
  head.set(new TextEncoder().encode("RIFF    WEBP"));
  viewOf(head).setUint32(4, 4 + parts.reduce((sum, part) => sum + part.length, 0), true);
  return [head, ...parts];
}

function exif(orientation: number): Bytes {
  const block = orientationBlock(orientation);
  return new Uint8Array([...new TextEncoder().encode("EXIF"), block.length, 0, 0, 0, ...block]);
}
