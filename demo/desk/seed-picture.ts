import { pngFile, type Colour } from "./png.ts";

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

/** A simplified picture of an invoice. */
export function invoicePicture(name: string): File {
  const at = ({ at: [x, y], size: [wide, high] }: Box, toX: number, toY: number) =>
    toX >= x && toX < x + wide && toY >= y && toY < y + high;
  return pngFile(name, [width, height], (x, y) => boxes.findLast((box) => at(box, x, y))?.colour ?? paper);
}
