export interface PicturesHost {
  /** The widget's shadow root: dialogs go into it. It wears the widget's theme and controls. */
  readonly root: ShadowRoot;
  /** The widget's own element: hidden while the screen is captured. */
  readonly element: HTMLElement;
  /** Aborts when the widget is taken from the page. */
  readonly signal?: AbortSignal;
  /** The language that the widget speaks now. */
  locale(): string;
  direction(): "ltr" | "rtl";
}

export interface ViewedPicture {
  readonly name: string;
  /** Undefined: it could not be had. It may be asked for again. */
  load(): Promise<Blob | undefined>;
}
