import styles from "./loader.css?inline";
import type { Options } from "../core/options.ts";
import { create, setAttributes } from "./element.ts";
import { warn } from "./log.ts";

/** If the page removes the element more often than this in this many milliseconds, it does so on purpose. */
const returnsLimit = 10;
const returnsMs = 10_000;

/**
 * Marks the widget's element, whatever names the page uses. On the document, since the element may be detached for a
 * moment; a registered symbol, so that a second copy of the script finds it too.
 */
const key = Symbol.for("podpora.element");

export const hasWidget = (): boolean => Reflect.has(document, key);

export interface Host {
  readonly element: HTMLElement;
  readonly root: ShadowRoot;
  /** Sets the theme and the corner. */
  setLook(options: Options): void;
  /** Puts the element back, also into a page that keeps removing it, because the member asked for it. */
  attach(): void;
  remove(): void;
}

/**
 * The one element in the page. Turbo, htmx, view transitions and routers replace the body; the element is put back
 * before the next frame. It receives `detach` and `attach`.
 */
export function createHost(options: Options, given?: HTMLElement): Host {
  // A name with a hyphen is unique, and an element without an id creates no `window.podpora`.
  const element = given ?? create("podpora-widget", {});
  // Options that were changed before the app is loaded are not checked yet.
  const setLook = ({ theme, position }: Options) =>
    setAttributes(element, {
      "data-theme": theme === "light" || theme === "dark" ? theme : "auto",
      "data-position": position === "start" ? position : "end",
    });
  setLook(options);
  setAttributes(element, { "data-view": options.view ?? "widget" });
  const root = element.shadowRoot ?? element.attachShadow({ mode: "open" });
  // Constructable, so that no content policy has to allow inline style.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  root.adoptedStyleSheets = [sheet];
  Reflect.set(document, key, element);

  let returns = 0;
  let since = 0;
  const observer = new MutationObserver(look);

  /** Observes only the ancestors of the widget: a page changes all the time. */
  function observe() {
    observer.disconnect();
    const holders: (Node | null)[] = [document, document.documentElement, document.body];
    for (let holder = element.parentNode; holder; holder = holder.parentNode) holders.push(holder);
    for (const holder of holders) if (holder) observer.observe(holder, { childList: true });
  }

  function put() {
    // A page that restores cached copies (Turbo, htmx) includes a copy of the element: without a shadow root, it is
    // empty.
    for (const copy of document.querySelectorAll(element.localName)) if (!copy.shadowRoot) copy.remove();
    document.body.append(element);
    observe();
    element.dispatchEvent(new Event("attach"));
  }

  function look() {
    observe();
    if (element.isConnected) return;
    element.dispatchEvent(new Event("detach"));
    // Between two bodies: wait for the next mutation.
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

  // If the page has moved it elsewhere, it stays there.
  if (!given) put();
  return {
    element,
    root,
    setLook,
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
