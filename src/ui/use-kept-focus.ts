import { useEffect } from "preact/hooks";
import { useUi } from "./context.ts";

/** A control that goes away while it has the focus would take it along: what it was in has the focus then. */
export function useKeptFocus(): void {
  const { frame } = useUi();
  useEffect(() => watchFocus(frame), []);
}

/** Returns a function that stops it. */
function watchFocus(frame: HTMLElement): () => void {
  const stopped = new AbortController();
  const { signal } = stopped;
  /** What has the focus, then what it is in, from the inside out. */
  let chain: readonly HTMLElement[] = [];

  frame.addEventListener("focusin", ({ target }) => (chain = chainFrom(target, frame)), { signal });
  frame.addEventListener(
    "focusout",
    ({ target }) =>
      // Some browsers tell of it while they take the control away: then it is not the member who leaves.
      queueMicrotask(() => {
        if (target === chain[0] && target instanceof Node && frame.contains(target)) chain = [];
      }),
    { signal },
  );
  const observer = new MutationObserver(() => {
    const [focused] = chain;
    if (!focused || frame.contains(focused)) return;
    const around = chain;
    chain = [];
    afterEffects(() => {
      const left = around.find((each) => frame.contains(each));
      if (left && !signal.aborted && !frame.hidden && isLost(frame)) take(left);
    });
  });
  observer.observe(frame, { childList: true, subtree: true });
  return () => {
    stopped.abort();
    observer.disconnect();
  };
}

function chainFrom(target: EventTarget | null, frame: HTMLElement): readonly HTMLElement[] {
  const chain: HTMLElement[] = [];
  for (let each = target; each instanceof HTMLElement && each !== frame; each = each.parentElement) chain.push(each);
  return [...chain, frame];
}

/** What is drawn in the place of the control may take the focus itself, in an effect of its own. */
function afterEffects(run: () => void) {
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(run)));
}

/** Neither the widget nor the page has the focus. */
function isLost(frame: HTMLElement): boolean {
  const root = frame.getRootNode();
  const { activeElement } = document;
  const isNowhere = !activeElement || activeElement === document.body;
  return root instanceof ShadowRoot && !root.activeElement && (isNowhere || activeElement === root.host);
}

function take(element: HTMLElement) {
  if (!element.hasAttribute("tabindex")) {
    element.tabIndex = -1;
    element.addEventListener("blur", () => element.removeAttribute("tabindex"), { once: true });
  }
  element.focus({ preventScroll: true });
}
