import { canvasSize, newCanvas } from "../canvas.ts";
import { isJpeg } from "../clean/clean.ts";
import { showDialog } from "../dialog.ts";
import type { PicturesHost } from "../host.ts";
import { createEditor } from "./editor.ts";

/**
 * Returns the same file if nothing was drawn, undefined if cancelled. Throws if the browser can't decode the picture.
 */
export async function edit(host: PicturesHost, file: File): Promise<File | undefined> {
  const bitmap = await createImageBitmap(file);
  const { canvas: picture, context } = newCanvas(canvasSize(bitmap));
  context.drawImage(bitmap, 0, 0, picture.width, picture.height);
  const source = { name: file.name, isJpeg: await isJpeg(file), isSmaller: picture.width < bitmap.width };
  bitmap.close();
  const { t } = host;
  const locale = host.locale();
  return await showDialog<File>(host, "editor", (close) =>
    createEditor({ file, picture, ...source, t, locale, close }),
  );
}
