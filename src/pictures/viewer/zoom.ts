import type { Size } from "../canvas.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The picture's corner in the window, and the scale in window pixels per picture pixel. */
export interface View extends Point {
  readonly scale: number;
}

const MAX_SCALE = 8;

/** Scales to fit, but never enlarges. */
export function fitted(picture: Size, room: Size): View {
  const scale = Math.min(1, room.width / picture.width, room.height / picture.height);
  return settled({ scale, x: 0, y: 0 }, picture, room);
}

/** Zooms around a point, which stays in place. */
export function zoomed(view: View, wanted: number, at: Point, picture: Size, room: Size): View {
  const least = fitted(picture, room).scale;
  const scale = Math.max(least, Math.min(Math.max(MAX_SCALE, least), wanted));
  const part = scale / view.scale;
  return settled({ scale, x: at.x - (at.x - view.x) * part, y: at.y - (at.y - view.y) * part }, picture, room);
}

export function panned(view: View, dx: number, dy: number, picture: Size, room: Size): View {
  return settled({ ...view, x: view.x + dx, y: view.y + dy }, picture, room);
}

/** Whether the picture overflows, horizontally and vertically. */
export function overflows({ scale }: View, picture: Size, room: Size): { readonly x: boolean; readonly y: boolean } {
  return { x: picture.width * scale > room.width + 1, y: picture.height * scale > room.height + 1 };
}

/** Centres what fits; otherwise leaves no gap at any edge. */
function settled({ scale, x, y }: View, picture: Size, room: Size): View {
  const along = (start: number, length: number, space: number) =>
    length <= space ? (space - length) / 2 : Math.max(space - length, Math.min(0, start));
  return {
    scale,
    x: along(x, picture.width * scale, room.width),
    y: along(y, picture.height * scale, room.height),
  };
}
