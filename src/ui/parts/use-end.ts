import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

const nearPixels = 48;
/** Who scrolls so near to the top wants to read on. */
const topPixels = 120;

interface Scrolled {
  /** What stands first: it changes when something comes above. */
  readonly first: string | undefined;
  /** How much others have written: more of it is news. */
  readonly news: number;
  /** What the reader has just written: it changes with each message that is sent from here. */
  readonly own: string | undefined;
  onTop(): void;
}

/**
 * A list that stays at its end while the reader is there, and where it is when something comes above. One's own message
 * leads to the end. `below` is how much others have written since the reader left the end.
 */
export function useEnd({ first, news, own, onTop }: Scrolled) {
  const list = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  /** Where the list was scrolled to when it was at its end last. */
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
  /** The reader may have scrolled up although the browser has not told of it yet: it does so with the next frame. */
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
  // The composer grows, a picture is drawn, a quotation is unfolded, the keyboard opens: the newest stays in sight.
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

/** Of the list and of all that is in it. Returns a function that stops the calls. */
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
