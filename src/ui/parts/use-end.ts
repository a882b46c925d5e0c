import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

const nearPixels = 48;
/** This close to the top, older messages are loaded. */
const topPixels = 120;

interface Scrolled {
  /** The first item's id; it changes when items are added above. */
  readonly first: string | undefined;
  /** How many messages others have written. */
  readonly news: number;
  /** The id of the newest message sent from here. */
  readonly own: string | undefined;
  onTop(): void;
}

/**
 * Keeps a list at its end while the reader is there, and in place when items are added above. Sending a message scrolls
 * to the end. `below` counts others' messages since the reader left the end.
 */
export function useEnd({ first, news, own, onTop }: Scrolled) {
  const list = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  /** The list's `scrollTop` when it was last at its end. */
  const endTop = useRef(0);
  const before = useRef({ first, news, own, height: 0 });
  const [below, setBelow] = useState(0);

  function toEnd() {
    atEnd.current = true;
    setBelow(0);
    if (!list.current) return;
    list.current.scrollTop = list.current.scrollHeight;
    endTop.current = list.current.scrollTop;
  }
  /** The reader may have scrolled up already: the browser fires `scroll` only with the next frame. */
  function isAtEnd(element: Element): boolean {
    return atEnd.current && element.scrollTop > endTop.current - nearPixels;
  }
  useLayoutEffect(() => {
    const element = list.current;
    const { first: firstBefore, news: newsBefore, own: ownBefore, height } = before.current;
    if (!element) return;
    if (isAtEnd(element) || (own !== undefined && own !== ownBefore)) toEnd();
    else if (first !== firstBefore) element.scrollTop += element.scrollHeight - height;
    else setBelow((now) => now + Math.max(0, news - newsBefore));
    before.current = { first, news, own, height: element.scrollHeight };
  }, [first, news, own]);
  // The composer grows, a picture loads, a quotation expands, the keyboard opens: keep the newest in sight.
  useEffect(() => {
    const { current } = list;
    return current ? watchSizes(current, () => isAtEnd(current) && toEnd()) : undefined;
  }, []);

  return {
    list,
    below,
    toEnd,
    onScroll(event: { readonly currentTarget: HTMLDivElement }) {
      const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
      atEnd.current = scrollHeight - scrollTop - clientHeight < nearPixels;
      before.current = { ...before.current, height: scrollHeight };
      if (atEnd.current) {
        endTop.current = scrollTop;
        setBelow(0);
      } else if (scrollTop < topPixels) onTop();
    },
  };
}

/** Watches the list and all its children. Returns a function that stops watching. */
function watchSizes(list: Element, onChange: () => void): () => void {
  const sizes = new ResizeObserver(onChange);
  const children = new MutationObserver((records) => {
    for (const { addedNodes, removedNodes } of records) {
      for (const node of removedNodes) if (node instanceof Element) sizes.unobserve(node);
      for (const node of addedNodes) if (node instanceof Element) sizes.observe(node);
    }
  });
  sizes.observe(list);
  for (const child of list.children) sizes.observe(child);
  children.observe(list, { childList: true });
  return () => {
    sizes.disconnect();
    children.disconnect();
  };
}
