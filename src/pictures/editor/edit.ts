import { canvasSize, newCanvas } from "../canvas.ts";
import { isJpeg } from "../clean/clean.ts";
import { showDialog } from "../dialog.ts";
import type { PicturesHost } from "../host.ts";
import { textsOf } from "../texts.ts";
import { createEditor } from "./editor.ts";

/** The same file where nothing was marked; undefined: cancelled. Throws when the browser can't show the picture. */
export async function edit(host: PicturesHost, file: File): Promise<File | undefined> {
  const bitmap = await createImageBitmap(file);
  const { canvas: picture, context } = newCanvas(canvasSize(bitmap));
  context.drawImage(bitmap, 0, 0, picture.width, picture.height);
  const source = { name: file.name, isJpeg: await isJpeg(file), isSmaller: picture.width < bitmap.width };
  bitmap.close();
  const locale = host.locale();
  const t = textsOf(locale);
  return await showDialog<File>(host, "editor", (close) =>
    createEditor({ file, picture, ...source, t, locale, close }),
  );
}
