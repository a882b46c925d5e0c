import { crc32, deflateSync } from "node:zlib";

type Colour = readonly [red: number, green: number, blue: number];
interface Box {
  readonly at: readonly [x: number, y: number];
  readonly size: readonly [width: number, height: number];
  readonly colour: Colour;
}

const [width, height] = [480, 300];
const paper: Colour = [255, 255, 255];
const ink: Colour = [198, 204, 214];
const accent: Colour = [61, 82, 213];

const line = (x: number, y: number, length: number, colour = ink): Box => ({ at: [x, y], size: [length, 10], colour });
const rows = [110, 140, 170, 200].flatMap((y) => [line(60, y, 200), line(350, y, 70)]);
const boxes: readonly Box[] = [
  { at: [0, 0], size: [width, height], colour: [228, 231, 237] },
  { at: [30, 24], size: [width - 60, height - 48], colour: paper },
  { at: [60, 50], size: [90, 26], colour: accent },
  line(330, 58, 90),
  ...rows,
  line(60, 222, 360, [228, 231, 237]),
  line(350, 244, 70, accent),
];

/** An invoice as seen from afar, in PNG (https://www.w3.org/TR/png-3/): eight bits of red, green and blue each. */
export function invoicePicture(name: string): File {
  const pixels = Buffer.alloc(height * (1 + width * 3));
  for (const { at, size, colour } of boxes) {
    for (let y = at[1]; y < at[1] + size[1]; y += 1) {
      // Each line begins with the number of its filter: none.
      const start = y * (1 + width * 3) + 1 + at[0] * 3;
      for (let x = 0; x < size[0]; x += 1) pixels.set(colour, start + x * 3);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const parts = [signature, chunk("IHDR", header), chunk("IDAT", deflateSync(pixels)), chunk("IEND", Buffer.alloc(0))];
  return new File([new Uint8Array(Buffer.concat(parts))], name, { type: "image/png" });
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type), data]);
  const whole = Buffer.alloc(named.length + 8);
  whole.writeUInt32BE(data.length, 0);
  whole.set(named, 4);
  whole.writeUInt32BE(crc32(named), named.length + 4);
  return whole;
}
