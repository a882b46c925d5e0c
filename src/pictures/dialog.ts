import { make } from "./dom.ts";
import type { PicturesHost } from "./host.ts";
import dialogs from "./dialog.css?inline";
import editor from "./editor/editor.css?inline";
import viewer from "./viewer/viewer.css?inline";
import { isOfInputMethod } from "../keys.ts";

/** The content of a dialog. */
export interface Content {
  readonly elements: readonly Node[];
  /** Receives the focus when the dialog opens. */
  readonly first: HTMLElement;
  /** Called on Escape or a phone's back button. */
  leave(): void;
  stop(): void;
}

let sheets: readonly CSSStyleSheet[] | undefined;

/** A dialog over the whole window, in the top layer. Resolves with the result it is closed with. */
export async function showDialog<Result>(
  host: PicturesHost,
  name: "editor" | "viewer",
  fill: (close: (result?: Result) => void) => Content,
): Promise<Result | undefined> {
  adoptStyles(host.root);
  const focused = host.root.activeElement;
  const dialog = make("dialog", {
    class: `pictures ${name}`,
    lang: host.locale(),
    dir: host.direction(),
    "aria-labelledby": "pictures-title",
  });
  let close: (result?: Result) => void = () => {};
  const closed = new Promise<Result | undefined>((resolve) => (close = resolve));
  const content = fill(close);
  dialog.append(...content.elements);
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || isOfInputMethod(event)) return;
    event.preventDefault();
    content.leave();
  });
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    content.leave();
  });
  // Browsers may close a dialog by themselves; its content must survive that.
  dialog.addEventListener("close", () => {
    if (!dialog.isConnected) return;
    dialog.showModal();
    content.leave();
  });
  host.signal?.throwIfAborted();
  const giveUp = () => close();
  host.signal?.addEventListener("abort", giveUp);
  host.root.append(dialog);
  dialog.showModal();
  content.first.focus();
  const release = keepVisible(dialog);

  const result = await closed;
  host.signal?.removeEventListener("abort", giveUp);
  release();
  content.stop();
  dialog.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return result;
}

function adoptStyles(root: ShadowRoot) {
  sheets ??= [dialogs, editor, viewer].map((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    return sheet;
  });
  const missing = sheets.filter((sheet) => !root.adoptedStyleSheets.includes(sheet));
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, ...missing];
}

/** A phone's keyboard covers the page without resizing it. Returns a function that stops watching. */
function keepVisible(dialog: HTMLDialogElement): () => void {
  const stop = new AbortController();
  const viewport = window.visualViewport;
  const fit = () => {
    // The widget was removed from the page.
    if (!dialog.isConnected) stop.abort();
    // Pinch zoom must not shrink the dialog.
    if (!viewport || viewport.scale > 1.01) return;
    dialog.style.blockSize = `${viewport.height}px`;
    dialog.style.insetBlockStart = `${viewport.offsetTop}px`;
  };
  viewport?.addEventListener("resize", fit, { signal: stop.signal });
  viewport?.addEventListener("scroll", fit, { signal: stop.signal });
  return () => stop.abort();
}
