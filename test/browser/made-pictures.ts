import { randomFillSync } from "node:crypto";
import { crc32, deflateSync } from "node:zlib";

const signature = Buffer.from("89504e470d0a1a0a", "hex");

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A PNG of one colour (W3C Portable Network Graphics), with `texts` as text chunks. */
export function png(
  width = 40,
  height = 30,
  colour = [200, 30, 30],
  texts: Readonly<Record<string, string>> = {},
): Buffer {
  const row = Buffer.concat([Buffer.from([0]), ...Array.from({ length: width }, () => Buffer.from(colour))]);
  const pixels = deflateSync(Buffer.concat(Array.from({ length: height }, () => row)));
  const remarks = Object.entries(texts).map(([key, text]) => chunk("tEXt", Buffer.from(`${key}\0${text}`, "latin1")));
  return frame(width, height, pixels, remarks);
}

function frame(width: number, height: number, pixels: Uint8Array, remarks: readonly Buffer[] = []): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const parts = [chunk("IHDR", header), ...remarks, chunk("IDAT", pixels), chunk("IEND", Buffer.alloc(0))];
  return Buffer.concat([signature, ...parts]);
}

/** Incompressible noise of slightly fewer bytes. */
export function largePng(bytes: number): Buffer {
  const width = 1024;
  const height = Math.floor(bytes / (width * 3 + 2));
  const rows = randomFillSync(Buffer.alloc((width * 3 + 1) * height));
  // The first byte of each row is its filter type: none.
  for (let row = 0; row < height; row++) rows[row * (width * 3 + 1)] = 0;
  return frame(width, height, deflateSync(rows, { level: 0 }));
}
