import { fileOf, newCanvas } from "../canvas.ts";
import { handlesOf, type Mark, type Paper, type Point, unitOf } from "./marks.ts";

const RED = "#e3122d";
const WHITE = "#fff";
const BLUE = "#1550e6";
/** Fractions of a label's height. */
const LETTERS = 0.68;
const PADDING = 0.3;
const CORNER = 0.22;
/** Multiples of the line width. */
const OUTLINE = 2;
const ARROW_HEAD = 4.5;
/** Above this size in bytes, JPEG is used if it is smaller. */
const MAX_PNG = 5_000_000;

const fontOf = (height: number) =>
  `600 ${height * LETTERS}px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif`;

export function paperOf(picture: HTMLCanvasElement): Paper {
  const { context } = newCanvas({ width: 1, height: 1 });
  const { width, height } = picture;
  return {
    width,
    height,
    unit: unitOf(picture, { width: innerWidth, height: innerHeight }),
    measure(text, labelHeight) {
      context.font = fontOf(labelHeight);
      return context.measureText(text).width + 2 * PADDING * labelHeight;
    },
  };
}

/** In picture pixels, whatever the context's scale. */
export function drawMarks(context: CanvasRenderingContext2D, marks: readonly Mark[], { unit }: Paper): void {
  context.lineJoin = "round";
  for (const mark of marks) {
    if (mark.tool === "cover") drawCover(context, mark);
    else if (mark.tool === "text") drawLabel(context, mark, unit);
    else
      outlined(context, mark.tool === "frame" ? framePath(mark) : arrowPath(mark, unit), unit, mark.tool === "arrow");
  }
}

/** Rounds outwards to whole pixels: a partly covered pixel would show through. */
function drawCover(context: CanvasRenderingContext2D, { x, y, width, height }: Mark) {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  context.fillStyle = "#000";
  context.fillRect(left, top, Math.ceil(x + width) - left, Math.ceil(y + height) - top);
}

/** Red with a white outline is visible on any background. */
function outlined(context: CanvasRenderingContext2D, path: Path2D, unit: number, filled: boolean) {
  context.strokeStyle = WHITE;
  context.lineWidth = unit * OUTLINE;
  context.stroke(path);
  context.strokeStyle = RED;
  context.lineWidth = unit;
  context.fillStyle = RED;
  if (filled) context.fill(path);
  else context.stroke(path);
}

function framePath({ x, y, width, height }: Mark): Path2D {
  const path = new Path2D();
  path.rect(x, y, width, height);
  return path;
}

function arrowPath({ x, y, width, height }: Mark, unit: number): Path2D {
  const length = Math.hypot(width, height) || 1;
  const head = Math.min(ARROW_HEAD * unit, length);
  const [along, across] = [
    { x: width / length, y: height / length },
    { x: -height / length, y: width / length },
  ];
  const at = (far: number, aside: number): Point => ({
    x: x + along.x * far + across.x * aside,
    y: y + along.y * far + across.y * aside,
  });
  const half = unit * 0.6;
  const neck = length - head;
  const side = [at(0, half), at(neck, half), at(neck, head * 0.6)];
  const otherSide = [at(neck, -head * 0.6), at(neck, -half), at(0, -half)];
  const path = new Path2D();
  for (const point of [...side, at(length, 0), ...otherSide]) path.lineTo(point.x, point.y);
  path.closePath();
  return path;
}

function drawLabel(context: CanvasRenderingContext2D, { x, y, width, height, text }: Mark, unit: number) {
  const path = new Path2D();
  path.roundRect(x, y, width, height, height * CORNER);
  context.strokeStyle = WHITE;
  context.lineWidth = unit;
  context.stroke(path);
  context.fillStyle = RED;
  context.fill(path);
  context.fillStyle = WHITE;
  context.font = fontOf(height);
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillText(text, x + height * PADDING, y + height * 0.53);
}

/** The selection: an outline and its handles. `scale` is screen pixels per picture pixel. */
export function drawChosen(context: CanvasRenderingContext2D, mark: Mark, scale: number): void {
  context.lineWidth = 1.5 / scale;
  if (mark.tool !== "arrow") {
    for (const [colour, dash] of [
      [WHITE, []],
      [BLUE, [5 / scale, 4 / scale]],
    ] as const) {
      context.strokeStyle = colour;
      context.setLineDash([...dash]);
      context.strokeRect(mark.x, mark.y, mark.width, mark.height);
    }
    context.setLineDash([]);
  }
  for (const point of handlesOf(mark)) drawDot(context, point, scale);
}

export function drawDot(context: CanvasRenderingContext2D, { x, y }: Point, scale: number): void {
  context.beginPath();
  context.arc(x, y, 6 / scale, 0, 2 * Math.PI);
  context.fillStyle = WHITE;
  context.fill();
  context.lineWidth = 2.5 / scale;
  context.strokeStyle = BLUE;
  context.stroke();
}

/** Flattens to one bitmap, without what the marks cover. A JPEG stays a JPEG. Throws if the browser can't encode it. */
export async function flatten(
  picture: HTMLCanvasElement,
  marks: readonly Mark[],
  { name, isJpeg }: { readonly name: string; readonly isJpeg: boolean },
): Promise<File> {
  const { canvas, context } = newCanvas(picture);
  context.drawImage(picture, 0, 0);
  drawMarks(context, marks, paperOf(picture));
  if (!isJpeg) {
    const file = await fileOf(canvas, name, "image/png");
    if (file.size <= MAX_PNG) return file;
  }
  // JPEG has no transparency.
  context.globalCompositeOperation = "destination-over";
  context.fillStyle = WHITE;
  context.fillRect(0, 0, canvas.width, canvas.height);
  return await fileOf(canvas, name, "image/jpeg");
}
