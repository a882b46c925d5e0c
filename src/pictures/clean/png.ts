import { ascii, type Bytes, malformed, viewOf } from "./bytes.ts";
import { orientationBlock, orientationOf } from "./orientation.ts";

const SIGNATURE_BYTES = 8;
/** Length and name before a chunk's data, CRC after it. */
const AROUND = 12;

/**
 * Ancillary chunks that affect how the picture looks (PNG, third edition): colours, transparency, physical size,
 * animation.
 */
const kept = new Set("tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs oFFs acTL fcTL fdAT".split(" "));

/** Keeps all critical chunks, and the ancillary chunks known to hold nothing private. */
export function cleanPng(bytes: Bytes): Bytes[] {
  const view = viewOf(bytes);
  const parts = [bytes.subarray(0, SIGNATURE_BYTES)];
  for (let at = SIGNATURE_BYTES; at + AROUND <= bytes.length;) {
    const end = at + AROUND + view.getUint32(at);
    if (end > bytes.length) break;
    const name = ascii(bytes, at + 4, 4);
    if (at === SIGNATURE_BYTES && name !== "IHDR") break;
    if (name === "eXIf") parts.push(...exif(orientationOf(bytes.subarray(at + 8, end - 4))));
    // A capital first letter means critical.
    if (/^[A-Z]/.test(name) || kept.has(name)) parts.push(bytes.subarray(at, end));
    if (name === "IEND") return parts;
    at = end;
  }
  throw malformed();
}

function exif(orientation: number): Bytes[] {
  if (orientation === 1) return [];
  const block = orientationBlock(orientation);
  const named = new Uint8Array([...new TextEncoder().encode("eXIf"), ...block]);
  const numbers = new DataView(new ArrayBuffer(8));
  numbers.setUint32(0, block.length);
  numbers.setUint32(4, checksum(named));
  return [new Uint8Array(numbers.buffer, 0, 4), named, new Uint8Array(numbers.buffer, 4)];
}

/** CRC-32 as in annex D. */
function checksum(bytes: Bytes): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb8_8320 : 0);
  }
  return ~crc >>> 0;
}
