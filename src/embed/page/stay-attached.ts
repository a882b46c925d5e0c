import { warn } from "./log.ts";

/** A page that takes the element away more often than this in so many milliseconds means it. */
const returnsLimit = 10;
const returnsMs = 10_000;

export interface Attachment {
  isAttached(): boolean;
  /** Puts the element back, also onto a page that keeps taking it away: the member asks for it. */
  attach(): void;
  stop(): void;
}

/**
 * Keeps the element on the page. Turbo, htmx, view transitions and routers replace the body and whatever is in it; the
 * element comes back before the next frame is drawn. `onChange` is called when it was taken away and when it is back.
 */
export function stayAttached(element: HTMLElement, onChange: () => void): Attachment {
  let returns: readonly number[] = [];
  let hasGivenUp = false;
  const observer = new MutationObserver(look);

  /** Only the elements that hold the widget's own: a page changes all the time. */
  function observe() {
    observer.disconnect();
    const holders: (Node | null)[] = [document, document.documentElement, document.body];
    for (let holder = element.parentNode; holder; holder = holder.parentNode) holders.push(holder);
    for (const holder of new Set(holders)) if (holder) observer.observe(holder, { childList: true });
  }

  function put() {
    // A page that keeps copies of itself (Turbo, htmx) brings one of the element too: without a shadow root, it is empty.
    for (const copy of document.querySelectorAll(element.localName)) if (!copy.shadowRoot) copy.remove();
    document.body.append(element);
    observe();
    onChange();
  }

  function look() {
    observe();
    if (element.isConnected) return;
    onChange();
    // Between two bodies: the next change says when there is one.
    if (!document.body) return;
    const now = Date.now();
    returns = [...returns.filter((at) => now - at < returnsMs), now];
    if (returns.length <= returnsLimit) put();
    else if (!hasGivenUp) {
      hasGivenUp = true;
      warn(`the page keeps removing <${element.localName}>; the widget stays away until it is opened.`);
    }
  }

  put();
  return {
    isAttached: () => element.isConnected,
    attach() {
      if (element.isConnected || !document.body) return;
      hasGivenUp = false;
      returns = [];
      put();
    },
    stop: () => observer.disconnect(),
  };
}
