import { showDialog } from "../dialog.ts";
import type { PicturesHost, ViewedPicture } from "../host.ts";
import { textsOf } from "../texts.ts";
import { createViewer } from "./viewer.ts";

/** Resolves when it is closed. */
export async function view(host: PicturesHost, pictures: readonly ViewedPicture[], start: number): Promise<void> {
  const locale = host.locale();
  const isRightToLeft = host.direction() === "rtl";
  const t = textsOf(locale);
  await showDialog<void>(host, "viewer", (close) =>
    createViewer({ pictures, start, t, locale, isRightToLeft, close: () => close() }),
  );
}
