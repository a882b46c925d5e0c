import styles from "./loader.css?inline";
import type { Options } from "../core/options.ts";
import { create, setAttributes } from "./element.ts";
import { warn } from "./log.ts";

/** A page that takes the element away more often than this in so many milliseconds means it. */
const returnsLimit = 10;
const returnsMs = 10_000;

/**
 * Says which element is the widget's, whatever the page has called its own. On the document, since the element itself may
 * be off the page for a moment; registered, so that a second copy of the script finds it too.
 */
const key = Symbol.for("podpora.element");

export const hasWidget = (): boolean => Reflect.has(document, key);

export interface Host {
  readonly element: HTMLElement;
  readonly root: ShadowRoot;
  /** Puts the element back, also onto a page that keeps taking it away: the member asks for it. */
  attach(): void;
  remove(): void;
}

/**
 * The one element that the page gets. Turbo, htmx, view transitions and routers replace the body and whatever is in it; the
 * element comes back before the next frame is drawn. It hears of both: `detach`, `attach`.
 */
export function createHost({ theme = "auto", position = "end", view = "widget" }: Options, given?: HTMLElement): Host {
  // With a hyphen the name is nobody else's, and an element without an id makes no `window.podpora`.
  const element = given ?? create("podpora-widget", {});
  setAttributes(element, { "data-theme": theme, "data-position": position, "data-view": view });
  const root = element.shadowRoot ?? element.attachShadow({ mode: "open" });
  // Constructable, so that no content policy has to allow inline style.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  root.adoptedStyleSheets = [sheet];
  Reflect.set(document, key, element);

  let returns = 0;
  let since = 0;
  const observer = new MutationObserver(look);

  /** Only the elements that hold the widget's own: a page changes all the time. */
  function observe() {
    observer.disconnect();
    const holders: (Node | null)[] = [document, document.documentElement, document.body];
    for (let holder = element.parentNode; holder; holder = holder.parentNode) holders.push(holder);
    for (const holder of holders) if (holder) observer.observe(holder, { childList: true });
  }

  function put() {
    // A page that keeps copies of itself (Turbo, htmx) brings one of the element too: without a shadow root, it is empty.
    for (const copy of document.querySelectorAll(element.localName)) if (!copy.shadowRoot) copy.remove();
    document.body.append(element);
    observe();
    element.dispatchEvent(new Event("attach"));
  }

  function look() {
    observe();
    if (element.isConnected) return;
    element.dispatchEvent(new Event("detach"));
    // Between two bodies: the next change says when there is one.
    if (!document.body) return;
    if (Date.now() - since > returnsMs) {
      since = Date.now();
      returns = 0;
    }
    returns += 1;
    if (returns <= returnsLimit) put();
    else if (returns === returnsLimit + 1)
      warn("the page keeps removing the widget; it stays away until it is opened.");
  }

  // Where the page has put it is the page's.
  if (!given) put();
  return {
    element,
    root,
    attach() {
      if (element.isConnected || given || !document.body) return;
      returns = 0;
      put();
    },
    remove() {
      observer.disconnect();
      if (given) root.replaceChildren();
      else element.remove();
      Reflect.deleteProperty(document, key);
    },
  };
}
