interface FileType {
  /** The first bytes of such a file, with their offsets. All of a row must match. */
  readonly signatures: readonly (readonly (readonly [at: number, bytes: string])[])[];
  /** The usual one first. */
  readonly extensions: readonly string[];
}

const types: Readonly<Record<string, FileType>> = {
  "image/png": { signatures: [[[0, "\x89PNG\r\n\x1a\n"]]], extensions: ["png"] },
  "image/jpeg": { signatures: [[[0, "\xff\xd8\xff"]]], extensions: ["jpg", "jpeg", "jfif"] },
  "image/gif": { signatures: [[[0, "GIF87a"]], [[0, "GIF89a"]]], extensions: ["gif"] },
  "image/webp": {
    signatures: [
      [
        [0, "RIFF"],
        [8, "WEBP"],
      ],
    ],
    extensions: ["webp"],
  },
  "image/bmp": { signatures: [[[0, "BM"]]], extensions: ["bmp"] },
  "image/tiff": { signatures: [[[0, "II*\0"]], [[0, "MM\0*"]]], extensions: ["tif", "tiff"] },
  "image/avif": { signatures: [[[4, "ftypavif"]], [[4, "ftypavis"]], [[4, "ftypmif1"]]], extensions: ["avif"] },
  "image/heic": { signatures: [[[4, "ftyphei"]], [[4, "ftyphev"]], [[4, "ftypmif1"]]], extensions: ["heic", "heif"] },
  "image/heif": { signatures: [[[4, "ftypmif1"]], [[4, "ftyphei"]], [[4, "ftyphev"]]], extensions: ["heif", "heic"] },
  "application/pdf": { signatures: [[[0, "%PDF-"]]], extensions: ["pdf"] },
};

/** How many bytes `fitsType` reads. */
export const HEAD_BYTES = 16;

/**
 * Whether a file begins with the bytes of its type. A picture of an unknown format does not match: SVG, which may
 * contain script, has no such signature. Other types have no signature here, so they match; they are never shown, only
 * downloaded.
 */
export function fitsType(type: string, head: Uint8Array): boolean {
  const known = types[type];
  if (known === undefined) return !type.startsWith("image/");
  const text = Array.from(head, (byte) => String.fromCharCode(byte)).join("");
  return known.signatures.some((parts) => parts.every(([at, bytes]) => text.startsWith(bytes, at)));
}

/** The name, with the type's extension added if it has another: a picture is never saved as a page. */
export function withExtensionOf(type: string, name: string): string {
  const known = types[type];
  if (known === undefined) return name;
  const extension = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  return known.extensions.includes(extension) ? name : `${name}.${known.extensions[0] ?? ""}`;
}

/** The media type of a download: types that a browser would run or render as a page become plain bytes. */
export function downloadType(type: string): string {
  return types[type] !== undefined || type === "text/plain" ? type : "application/octet-stream";
}
