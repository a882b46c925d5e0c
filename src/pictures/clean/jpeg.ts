import { ascii, type Bytes, malformed, viewOf } from "./bytes.ts";
import { orientationBlock, orientationOf } from "./orientation.ts";

const EOI = 0xd9;
const SOS = 0xda;
const APP0 = 0xe0;
const APP1 = 0xe1;
const APP2 = 0xe2;
const APP14 = 0xee;
const EXIF = "Exif\0\0";
const JFIF_BYTES = 18;

/**
 * Keeps the segments for the image (ITU T.81, annex B), its colours (ICC, Adobe) and its orientation. Drops thumbnails,
 * comments and data after the end, such as the video of a motion photo.
 */
export function cleanJpeg(bytes: Bytes): Bytes[] {
  const view = viewOf(bytes);
  const parts: Bytes[] = [];
  let orientation = 1;
  let at = 2;
  for (;;) {
    if (bytes[at] !== 0xff) throw malformed();
    while (bytes[at + 1] === 0xff) at += 1;
    const marker = bytes[at + 1] ?? 0;
    if (marker === EOI) return assemble(bytes, [...parts, bytes.subarray(at, at + 2)], orientation);
    if (!hasLength(marker) || at + 4 > bytes.length) throw malformed();
    const end = at + 2 + view.getUint16(at + 2);
    if (end < at + 4 || end > bytes.length) throw malformed();
    const segment = bytes.subarray(at, end);
    if (isExif(marker, segment) && orientation === 1) orientation = orientationOf(segment.subarray(4 + EXIF.length));
    const kept = keep(marker, segment);
    if (kept) parts.push(kept);
    at = end;
    if (marker === SOS) {
      at = scanEnd(bytes, end);
      parts.push(bytes.subarray(end, at));
    }
  }
}

/** The other markers have no length, and do not occur between segments. */
const hasLength = (marker: number) => marker >= 0xc0 && !(marker >= 0xd0 && marker <= 0xd8);

const isExif = (marker: number, segment: Bytes) => marker === APP1 && ascii(segment, 4, EXIF.length) === EXIF;

function keep(marker: number, segment: Bytes): Bytes | undefined {
  if (marker < APP0) return segment;
  if (marker === APP0) return ascii(segment, 4, 5) === "JFIF\0" ? withoutThumbnail(segment) : undefined;
  if (marker === APP2) return ascii(segment, 4, 12) === "ICC_PROFILE\0" ? segment : undefined;
  return marker === APP14 && ascii(segment, 4, 5) === "Adobe" ? segment : undefined;
}

function withoutThumbnail(jfif: Bytes): Bytes {
  if (jfif.length <= JFIF_BYTES) return jfif;
  const bare = jfif.slice(0, JFIF_BYTES);
  bare.set([0, JFIF_BYTES - 2], 2);
  bare.set([0, 0], JFIF_BYTES - 2);
  return bare;
}

/** Where the scan data ends: at a marker that is neither a stuffed byte nor a restart. */
function scanEnd(bytes: Bytes, start: number): number {
  for (let at = bytes.indexOf(0xff, start); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1] ?? 0;
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  throw malformed();
}

/** Exif comes first, or second after JFIF, which must be first. */
function assemble(bytes: Bytes, parts: Bytes[], orientation: number): Bytes[] {
  const first = parts[0]?.[1] === APP0 ? 1 : 0;
  return [bytes.subarray(0, 2), ...parts.slice(0, first), ...exif(orientation), ...parts.slice(first)];
}

function exif(orientation: number): Bytes[] {
  if (orientation === 1) return [];
  const block = orientationBlock(orientation);
  const head = [0xff, APP1, 0, 2 + EXIF.length + block.length];
  return [new Uint8Array([...head, ...new TextEncoder().encode(EXIF), ...block])];
}
