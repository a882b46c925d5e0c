import theme from "../../ui/styles/theme.css?inline";
import launcher from "./launcher.css?inline";
import type { Options } from "../../core/options.ts";
import { keepPlace } from "./keep-place.ts";
import { keepEventsInside } from "./own-events.ts";
import { type Attachment, stayAttached } from "./stay-attached.ts";
import { claimPage, widgetTag } from "./widget-element.ts";

export interface Host extends Pick<Attachment, "isAttached" | "attach"> {
  readonly element: HTMLElement;
  readonly root: ShadowRoot;
  /** Adds style sheets; constructable ones, so that no content policy has to allow inline style. */
  adoptStyles(styles: readonly string[]): void;
  /** The page has taken the element away, or it is back. Returns a function that stops the calls. */
  onAttached(listener: (attached: boolean) => void): () => void;
  remove(): void;
}

/** The one element that the page gets. */
export function createHost({ theme: wanted = "auto", position = "end", view = "widget" }: Options): Host {
  const element = document.createElement(widgetTag);
  Object.assign(element.dataset, { theme: wanted, position, view });
  const root = element.attachShadow({ mode: "open" });
  const listeners = new Set<(attached: boolean) => void>();
  const place = keepPlace(root);

  function adoptStyles(styles: readonly string[]) {
    const sheets = styles.map((text) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      return sheet;
    });
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, ...sheets];
  }

  adoptStyles([theme, launcher]);
  keepEventsInside(element);
  const release = claimPage(element);
  const attachment = stayAttached(element, () => {
    if (element.isConnected) place.restore();
    for (const listener of listeners) listener(element.isConnected);
  });

  return {
    element,
    root,
    adoptStyles,
    isAttached: attachment.isAttached,
    attach: attachment.attach,
    onAttached(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    remove() {
      attachment.stop();
      listeners.clear();
      element.remove();
      release();
    },
  };
}
