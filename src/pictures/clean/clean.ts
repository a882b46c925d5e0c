import { canvasSize, fileOf, newCanvas } from "../canvas.ts";
import type { Bytes } from "./bytes.ts";
import { cleanGif } from "./gif.ts";
import { cleanJpeg } from "./jpeg.ts";
import { HEAD_BYTES, kindOf } from "./kind.ts";
import { cleanPng } from "./png.ts";
import { cleanWebp } from "./webp.ts";

const cleaners = { jpeg: cleanJpeg, png: cleanPng, gif: cleanGif, webp: cleanWebp };

/**
 * Removes place, time and device from a picture. The type is detected from the first bytes, whatever the name and MIME
 * type say. Where possible, pixels stay untouched; otherwise the picture is re-encoded as JPEG.
 *
 * Other files are returned unread. Throws if the picture is truncated, malformed, or can't be decoded by this browser.
 */
export async function clean(file: File): Promise<File> {
  const kind = kindOf(await read(file.slice(0, HEAD_BYTES)));
  if (!kind) return file;
  if (kind === "boxed") return await drawAnew(file);
  return new File(cleaners[kind](await read(file)), file.name, { type: `image/${kind}` });
}

const read = async (blob: Blob): Promise<Bytes> => new Uint8Array(await blob.arrayBuffer());

async function drawAnew(file: File): Promise<File> {
  const bitmap = await createImageBitmap(file);
  const { canvas, context } = newCanvas(canvasSize(bitmap));
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return await fileOf(canvas, file.name, "image/jpeg");
}

/** By its first bytes, as above. */
export const isJpeg = async (file: Blob): Promise<boolean> => kindOf(await read(file.slice(0, HEAD_BYTES))) === "jpeg";
