import { ascii, type Bytes } from "./bytes.ts";

export type Kind = "jpeg" | "png" | "gif" | "webp" | "boxed";

/** The number of bytes that `kindOf` reads. */
export const HEAD_BYTES = 64;

/** ISO/IEC 23008-12 and AV1 in HEIF: still images and image sequences. Videos have other brands. */
const brands = /^(?:hei[cxms]|hev[cxms]|mi[fa][12f]|msf1|avi[fs])$/;

/**
 * The type by the first bytes. `boxed` formats hold Exif in a structure of their own: HEIC, AVIF, TIFF, JPEG XL, JPEG
 * 2000.
 */
export function kindOf(head: Bytes): Kind | undefined {
  const text = ascii(head, 0, head.length);
  if (text.startsWith("\xff\xd8\xff")) return "jpeg";
  if (text.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (/^GIF8[79]a/.test(text)) return "gif";
  if (text.startsWith("RIFF") && text.startsWith("WEBP", 8)) return "webp";
  if (/^(?:II[*+]\0|MM\0[*+])/.test(text) || /^(?:JXL |jP {2})$/.test(text.slice(4, 8))) return "boxed";
  return text.startsWith("ftyp", 4) && brandsOf(text).some((brand) => brands.test(brand)) ? "boxed" : undefined;
}

/** The major brand, then the compatible brands after the version. */
function brandsOf(text: string): readonly string[] {
  const end = Math.min(text.length, text.charCodeAt(2) * 256 + text.charCodeAt(3));
  return Array.from({ length: Math.floor(end / 4) }, (_, index) => text.slice(index * 4, index * 4 + 4)).slice(2);
}
