/** Pictures built byte by byte, so that a test knows what is where. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** Placed in everything that must be removed. */
export const secret = "46.0569N 14.5058E";

export const bytesOf = (text: string): Bytes => Uint8Array.from(text, (character) => character.charCodeAt(0));
export const textOf = (bytes: Bytes): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");

export function join(...parts: readonly (Bytes | string | readonly number[])[]): Bytes {
  return Uint8Array.from(parts.flatMap((part) => (typeof part === "string" ? [...bytesOf(part)] : [...part])));
}

function number(value: number, length: number, little: boolean): number[] {
  const digits = Array.from({ length }, (_, index) => Math.floor(value / 256 ** index) % 256);
  return little ? digits : digits.toReversed();
}

/** An Exif block with an orientation, and with the secret as the camera's name. */
export function tiff(orientation: number, { little = false } = {}): Bytes {
  const short = (value: number) => number(value, 2, little);
  const long = (value: number) => number(value, 4, little);
  return join(
    little ? "II" : "MM",
    short(42),
    long(8),
    short(2),
    [...short(0x010f), ...short(2), ...long(secret.length), ...long(38)],
    [...short(0x0112), ...short(3), ...long(1), ...short(orientation), ...short(0)],
    long(0),
    secret,
  );
}

export function segment(marker: number, ...data: readonly (Bytes | string | readonly number[])[]): Bytes {
  const body = join(...data);
  return join([0xff, marker], number(body.length + 2, 2, false), body);
}

export const jfif = segment(0xe0, "JFIF\0", [1, 2, 0, 0, 1, 0, 1, 0, 0]);
const table = segment(0xdb, [0, ...Array.from({ length: 64 }, () => 1)]);
/** Scan data with a stuffed byte, a restart marker and fill bytes before the end. */
const scan = join(segment(0xda, [1, 1, 0, 0, 63, 0]), [1, 0xff, 0, 2, 0xff, 0xd0, 3, 0xff]);
export const jpeg = (...segments: readonly Bytes[]): Bytes =>
  join([0xff, 0xd8], ...segments, table, scan, [0xff, 0xd9]);

export function chunk(name: string, ...data: readonly (Bytes | string | readonly number[])[]): Bytes {
  const body = join(...data);
  return join(number(body.length, 4, false), name, body, [1, 2, 3, 4]);
}
const header = chunk("IHDR", [0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0]);
export const png = (...chunks: readonly Bytes[]): Bytes =>
  join("\x89PNG\r\n\x1a\n", header, ...chunks, chunk("IDAT", [7, 7]), chunk("IEND"));

export function riffChunk(name: string, ...data: readonly (Bytes | string | readonly number[])[]): Bytes {
  const body = join(...data);
  return join(name, number(body.length, 4, true), body, body.length % 2 ? [0] : []);
}
export const webp = (...chunks: readonly Bytes[]): Bytes => {
  const body = join(...chunks);
  return join("RIFF", number(body.length + 4, 4, true), "WEBP", body);
};

export const gifBlocks = (text: string): Bytes => join([text.length], text, [0]);
const gifHead = join("GIF89a", [1, 0, 1, 0, 0x80, 0, 0], [0, 0, 0, 255, 255, 255]);
export const frame = join([0x21, 0xf9, 4, 0, 0, 0, 0, 0], [0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0]);
export const loop = join([0x21, 0xff, 11], "NETSCAPE2.0", [3, 1, 0, 0, 0]);
export const gif = (...blocks: readonly Bytes[]): Bytes => join(gifHead, ...blocks, frame, [0x3b]);
