import { crc32, deflateSync } from "node:zlib";

const signature = Buffer.from("89504e470d0a1a0a", "hex");

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** A picture of one colour, as a PNG (W3C Portable Network Graphics): `texts` stand in it as its makers' remarks do. */
export function png(
  width = 40,
  height = 30,
  colour = [200, 30, 30],
  texts: Readonly<Record<string, string>> = {},
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const row = Buffer.concat([Buffer.from([0]), ...Array.from({ length: width }, () => Buffer.from(colour))]);
  const pixels = deflateSync(Buffer.concat(Array.from({ length: height }, () => row)));
  const remarks = Object.entries(texts).map(([key, text]) => chunk("tEXt", Buffer.from(`${key}\0${text}`, "latin1")));
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    ...remarks,
    chunk("IDAT", pixels),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** A picture of so many bytes: most of them are padding that a reader passes over. */
export function largePng(bytes: number): Buffer {
  const small = png();
  const end = small.length - 12;
  const padding = Buffer.alloc(bytes - small.length - 12);
  // Not all the same, so that a piece in the wrong place shows.
  for (let at = 0; at < padding.length; at += 4)
    padding.writeUInt32LE((at * 2_654_435_761) % 4_294_967_296, Math.min(at, padding.length - 4));
  return Buffer.concat([small.subarray(0, end), chunk("prVt", padding), small.subarray(end)]);
}
