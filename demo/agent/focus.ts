import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** Focuses a newly opened view, so that screen readers read its title. */
export function useFocusOnOpen<T extends HTMLElement>(): RefObject<T | null> {
  const ref = useRef<T>(null);
  const done = useRef(false);
  useEffect(() => {
    if (done.current || !ref.current) return;
    done.current = true;
    ref.current.focus({ preventScroll: true });
  });
  return ref;
}
