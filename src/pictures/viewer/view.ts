import { showDialog } from "../dialog.ts";
import type { PicturesHost, ViewedPicture } from "../host.ts";
import { createViewer } from "./viewer.ts";

/** Resolves when the viewer is closed. */
export async function view(host: PicturesHost, pictures: readonly ViewedPicture[], start: number): Promise<void> {
  const { t } = host;
  const locale = host.locale();
  const isRightToLeft = host.direction() === "rtl";
  await showDialog<void>(host, "viewer", (close) =>
    createViewer({ pictures, start, t, locale, isRightToLeft, close: () => close() }),
  );
}
