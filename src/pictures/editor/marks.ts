import type { Size } from "../canvas.ts";

export const tools = ["frame", "arrow", "text", "cover"] as const;
export type Tool = (typeof tools)[number];

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** In picture pixels. An arrow's width and height run from start to tip and may be negative. */
export interface Box extends Point, Size {}

export interface Mark extends Box {
  /** Ascending, never reused. */
  readonly id: number;
  readonly tool: Tool;
  readonly text: string;
}

/** The picture being annotated. */
export interface Paper extends Size {
  /** The line width, from which other sizes derive. */
  readonly unit: number;
  /** The width of a text in a label of this height. */
  measure(text: string, height: number): number;
}

/** In multiples of `unit`. */
const MIN_SIDE = 2;
const MIN_TEXT = 3;
const TEXT = 8;
/** In CSS pixels. */
const MIN_SEEN = 2.4;

/** Thick enough in the full picture, and on a screen that shows it small. */
export function unitOf({ width, height }: Size, screen: Size): number {
  const shown = Math.min(1, screen.width / width, screen.height / height);
  return Math.round(Math.max(2, Math.max(width, height) / 240, MIN_SEEN / shown));
}

/** From corner to corner, from an arrow's start to its tip, or from where a text begins. */
export function markBetween(tool: Tool, from: Point, to: Point, text: string, paper: Paper): Omit<Mark, "id"> {
  const [width, height] = [to.x - from.x, to.y - from.y];
  if (tool === "arrow") return { tool, text, x: from.x, y: from.y, width, height };
  if (tool === "text") return fitted({ tool, text, x: from.x, y: from.y, width: 0, height: TEXT * paper.unit }, paper);
  const [x, y] = [Math.min(from.x, to.x), Math.min(from.y, to.y)];
  return { tool, text, x, y, width: Math.abs(width), height: Math.abs(height) };
}

/** The default place of a mark added by keyboard. */
export function markInMiddle(tool: Tool, text: string, paper: Paper): Omit<Mark, "id"> {
  const at = (part: number) => ({ x: paper.width * part, y: paper.height * part });
  return markBetween(tool, at(0.375), at(tool === "text" ? 0.375 : 0.625), text, paper);
}

/** Large enough to be visible and intended. */
export const isLarge = ({ tool, width, height, text }: Omit<Mark, "id">, { unit }: Paper) =>
  tool === "text" ? text !== "" : Math.hypot(width, height) >= MIN_SIDE * unit;

export const moved = <Any extends Box>(mark: Any, dx: number, dy: number, paper: Paper): Any => ({
  ...mark,
  x: within(mark.x + dx, mark.width, paper.width),
  y: within(mark.y + dy, mark.height, paper.height),
});

/** Keeps both ends inside the picture if they fit. */
function within(start: number, length: number, room: number): number {
  return Math.max(Math.max(0, -length), Math.min(start, room - Math.max(0, length)));
}

/** Moves the mark's end; a text scales as a whole. */
export function resized<Any extends Omit<Mark, "id">>(mark: Any, dx: number, dy: number, paper: Paper): Any {
  if (mark.tool === "text") return fitted({ ...mark, height: mark.height + dx + dy }, paper);
  const least = mark.tool === "arrow" ? -Infinity : MIN_SIDE * paper.unit;
  const grown = (start: number, length: number, more: number, room: number) =>
    Math.max(least, Math.min(Math.max(start + length + more, 0), room) - start);
  return {
    ...mark,
    width: grown(mark.x, mark.width, dx, paper.width),
    height: grown(mark.y, mark.height, dy, paper.height),
  };
}

export function retold<Any extends Omit<Mark, "id">>(mark: Any, text: string, paper: Paper): Any {
  return fitted({ ...mark, text }, paper);
}

/** A text is as wide as its letters, up to the picture's width. */
function fitted<Any extends Omit<Mark, "id">>(mark: Any, paper: Paper): Any {
  const least = MIN_TEXT * paper.unit;
  const wanted = Math.max(least, Math.min(mark.height, paper.height / 2));
  const height = wanted * Math.min(1, paper.width / paper.measure(mark.text, wanted));
  return moved({ ...mark, height, width: paper.measure(mark.text, height) }, 0, 0, paper);
}

/** The resize handles; an arrow has them at its start and tip. */
export function handlesOf({ tool, x, y, width, height }: Mark): readonly Point[] {
  const end = { x: x + width, y: y + height };
  if (tool === "arrow") return [{ x, y }, end];
  return tool === "text" ? [end] : [{ x, y }, { x: end.x, y }, end, { x, y: end.y }];
}

/** The mark after one of its handles was dragged to a point. */
export function pulled(mark: Mark, handle: number, to: Point, paper: Paper): Mark {
  const handles = handlesOf(mark);
  if (mark.tool === "text") return fitted({ ...mark, height: to.y - mark.y }, paper);
  const fixed = handles[(handle + handles.length / 2) % handles.length] ?? to;
  const [from, end] = mark.tool === "arrow" && handle === 0 ? [to, fixed] : [fixed, to];
  return { ...mark, ...markBetween(mark.tool, from, end, mark.text, paper) };
}

/** Whether a point hits the mark; an unfilled mark is hit on its line only. */
export function isHit({ tool, x, y, width, height }: Mark, point: Point, tolerance: number): boolean {
  if (tool === "arrow") return distanceToLine(point, { x, y, width, height }) <= tolerance;
  const inside = (more: number) =>
    point.x >= x - more && point.x <= x + width + more && point.y >= y - more && point.y <= y + height + more;
  return inside(tolerance) && !(tool === "frame" && inside(-tolerance));
}

function distanceToLine(point: Point, { x, y, width, height }: Box): number {
  const length = width ** 2 + height ** 2 || 1;
  const along = Math.max(0, Math.min(1, ((point.x - x) * width + (point.y - y) * height) / length));
  return Math.hypot(point.x - x - along * width, point.y - y - along * height);
}
