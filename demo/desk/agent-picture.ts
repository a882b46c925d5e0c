import { pngFile, type Colour } from "./png.ts";

const size = 96;
const skin: Colour = [255, 255, 255];

/** A generic avatar: head and shoulders on a colour. */
export function agentPicture(name: string, ground: Colour): File {
  const within = (x: number, y: number, at: readonly [number, number], radius: number) =>
    Math.hypot(x + 0.5 - at[0], y + 0.5 - at[1]) < radius;
  return pngFile(`${name}.png`, [size, size], (x, y) =>
    within(x, y, [size / 2, 38], 18) || within(x, y, [size / 2, 100], 36) ? skin : ground,
  );
}
