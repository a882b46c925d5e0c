import { make } from "./dom.ts";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The largest canvas on iOS, in pixels. */
const MAX_PIXELS = 16_777_216;
const JPEG_QUALITY = 0.92;

/** The canvas size for a picture, in whole pixels: its own, or scaled down to the limit. */
export function canvasSize({ width, height }: Size): Size {
  const scale = Math.min(1, Math.sqrt(MAX_PIXELS / (width * height)));
  return { width: Math.max(1, Math.floor(width * scale)), height: Math.max(1, Math.floor(height * scale)) };
}

/** Throws if the browser can't allocate a canvas. */
export function newCanvas({ width, height }: Size): { canvas: HTMLCanvasElement; context: CanvasRenderingContext2D } {
  const canvas = make("canvas");
  canvas.width = width;
  canvas.height = height;
  return { canvas, context: contextOf(canvas) };
}

export function contextOf(
  canvas: HTMLCanvasElement,
  settings?: CanvasRenderingContext2DSettings,
): CanvasRenderingContext2D {
  const context = canvas.getContext("2d", settings);
  if (!context) throw new Error("the browser gives no canvas");
  context.imageSmoothingQuality = "high";
  return context;
}

/** Throws if the browser can't encode the picture. */
export async function fileOf(canvas: HTMLCanvasElement, name: string, type: "image/png" | "image/jpeg"): Promise<File> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, JPEG_QUALITY));
  if (!blob) throw new Error("the browser could not write the picture");
  return new File([blob], withExtension(name, blob.type === "image/jpeg" ? "jpg" : "png"), { type: blob.type });
}

/** "photo.heic" → "photo.jpg"; an equivalent extension such as ".jpeg" is kept. */
function withExtension(name: string, extension: "jpg" | "png"): string {
  const has = extension === "jpg" ? /\.(?:jpe?g|jfif)$/i : /\.png$/i;
  return has.test(name) ? name : `${name.replace(/\.\w{1,5}$/, "")}.${extension}`;
}
