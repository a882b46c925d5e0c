import { capture } from "./capture/capture.ts";
import { clean } from "./clean/clean.ts";
import { edit } from "./editor/edit.ts";
import type { PicturesHost, ViewedPicture } from "./host.ts";
import { textsOf } from "./texts.ts";
import { view } from "./viewer/view.ts";

export type { PicturesHost, ViewedPicture } from "./host.ts";

export interface Pictures {
  /** The same picture without what it says about place, time, device. Not a picture: the file itself. */
  clean(file: File): Promise<File>;
  /** Undefined: the member changed their mind. Has to be called within a click. Throws an Error when the browser can't. */
  capture(): Promise<File | undefined>;
  /** Marks and blacks out; the same file where nothing was marked. Undefined: cancelled. Throws when the browser can't show the picture. */
  edit(picture: File): Promise<File | undefined>;
  /** Shows pictures large, beginning with one. Resolves when closed. */
  view(pictures: readonly ViewedPicture[], start: number): Promise<void>;
}

export function createPictures(host: PicturesHost): Pictures {
  return {
    clean,
    capture: () => capture(host, textsOf(host.locale())),
    edit: (picture) => edit(host, picture),
    view: (pictures, start) => view(host, pictures, start),
  };
}
