import { ascii, type Bytes, viewOf } from "./bytes.ts";

const TAG = 0x0112;
const ENTRY_BYTES = 12;

/** The orientation (1 to 8; 1 is upright) from an Exif block (CIPA DC-008, TIFF 6.0). */
export function orientationOf(tiff: Bytes): number {
  const order = ascii(tiff, 0, 2);
  if (tiff.length < 14 || (order !== "II" && order !== "MM")) return 1;
  const view = viewOf(tiff);
  const little = order === "II";
  const start = view.getUint32(4, little);
  if (start + 2 > tiff.length) return 1;
  const count = view.getUint16(start, little);
  for (let index = 0; index < count; index++) {
    const at = start + 2 + index * ENTRY_BYTES;
    if (at + ENTRY_BYTES > tiff.length) return 1;
    if (view.getUint16(at, little) !== TAG) continue;
    const value = view.getUint16(at + 8, little);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

/** An Exif block that contains only the orientation. */
export function orientationBlock(orientation: number): Bytes {
  const header = [0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8];
  const entry = [0, 1, TAG >> 8, TAG & 0xff, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0];
  return new Uint8Array([...header, ...entry, 0, 0, 0, 0]);
}
