import { useEffect, useRef, useState } from "preact/hooks";

/**
 * Errors show after the first try to send; each refused try, here or by the desk (`failure`), gives the focus to the
 * first field that is wrong.
 */
export function useChecked(failure?: unknown) {
  const element = useRef<HTMLFormElement>(null);
  const [refused, setRefused] = useState(0);
  useEffect(() => {
    if (refused || failure) element.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [refused, failure]);
  return {
    element,
    checked: refused > 0,
    /** Sends what has no errors. */
    check(errors: Readonly<Record<string, string | undefined>>, send: () => void) {
      const wrong = Object.values(errors).some(Boolean);
      setRefused(wrong ? refused + 1 : 0);
      if (!wrong) send();
    },
  };
}
