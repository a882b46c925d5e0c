import type { T } from "./texts.ts";

export interface PicturesHost {
  /** The widget's shadow root, which contains the dialogs and has the widget's theme and control styles. */
  readonly root: ShadowRoot;
  /** The widget's host element, hidden during a screen capture. */
  readonly element: HTMLElement;
  /** Aborts when the widget is removed from the page. */
  readonly signal?: AbortSignal;
  /** The widget's current language. */
  locale(): string;
  /** Translates into the current language. */
  readonly t: T;
  direction(): "ltr" | "rtl";
}

export interface ViewedPicture {
  readonly name: string;
  /** Undefined if it could not be loaded; may be called again. */
  load(): Promise<Blob | undefined>;
}
