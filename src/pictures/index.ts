import { capture } from "./capture/capture.ts";
import { clean } from "./clean/clean.ts";
import { edit } from "./editor/edit.ts";
import type { PicturesHost, ViewedPicture } from "./host.ts";
import { view } from "./viewer/view.ts";

export type { PicturesHost, ViewedPicture } from "./host.ts";

export interface Pictures {
  /** Removes place, time and device. Files that are not pictures are returned unchanged. */
  clean(file: File): Promise<File>;
  /** Undefined if the member cancels. Must be called within a click. Throws an Error if the browser can't capture. */
  capture(): Promise<File | undefined>;
  /**
   * Draws marks and redactions. The same file if nothing was drawn, undefined if cancelled. Throws if the browser can't
   * decode the picture.
   */
  edit(picture: File): Promise<File | undefined>;
  /** Opens the viewer, beginning with one picture. Resolves when it is closed. */
  view(pictures: readonly ViewedPicture[], start: number): Promise<void>;
}

export function createPictures(host: PicturesHost): Pictures {
  return {
    clean,
    capture: () => capture(host),
    edit: (picture) => edit(host, picture),
    view: (pictures, start) => view(host, pictures, start),
  };
}
