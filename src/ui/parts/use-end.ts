import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

const nearPixels = 48;
/** Who scrolls so near to the top wants to read on. */
const topPixels = 120;

interface Scrolled {
  /** What stands first and how much there is: they change when something comes above, or below. */
  readonly first: string | undefined;
  readonly count: number;
  onTop(): void;
}

/**
 * A list that stays at its end while the reader is there, and where it is when something comes above. `below` is how much
 * has come since the reader left the end.
 */
export function useEnd({ first, count, onTop }: Scrolled) {
  const list = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const before = useRef({ first, count, height: 0 });
  const [below, setBelow] = useState(0);

  function toEnd() {
    if (list.current) list.current.scrollTop = list.current.scrollHeight;
  }
  useLayoutEffect(() => {
    const element = list.current;
    const { first: firstBefore, count: countBefore, height } = before.current;
    if (!element) return;
    if (atEnd.current) toEnd();
    else if (first !== firstBefore) element.scrollTop += element.scrollHeight - height;
    else setBelow((now) => now + Math.max(0, count - countBefore));
    before.current = { first, count, height: element.scrollHeight };
  }, [first, count]);
  // The composer grows, a notice comes up, the keyboard opens: the newest message stays in sight.
  useEffect(() => {
    const observer = new ResizeObserver(() => atEnd.current && toEnd());
    if (list.current) observer.observe(list.current);
    return () => observer.disconnect();
  }, []);

  return {
    list,
    below,
    toEnd,
    onScroll(event: { readonly currentTarget: HTMLDivElement }) {
      const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
      atEnd.current = scrollHeight - scrollTop - clientHeight < nearPixels;
      before.current = { ...before.current, height: scrollHeight };
      if (atEnd.current) setBelow(0);
      else if (scrollTop < topPixels) onTop();
    },
  };
}
