import { useEffect, useRef, useState } from "preact/hooks";

/**
 * Errors show after the first try to send; each refused try, here or by the desk (`failure`), gives the focus to the
 * first field that is wrong, or to what says why, and brings it into view. `anew`: everything was taken out, and nothing of it is wrong any more.
 */
export function useChecked(failure?: unknown, anew = false) {
  const element = useRef<HTMLFormElement>(null);
  const [refused, setRefused] = useState(0);
  useEffect(() => {
    if (!refused && !failure) return;
    const wrong = element.current?.querySelector<HTMLElement>("[aria-invalid]");
    const notice = element.current?.querySelector<HTMLElement>(".notice.bad");
    (wrong ?? notice)?.focus();
    (wrong ?? notice)?.scrollIntoView({ block: "center" });
  }, [refused, failure]);
  useEffect(() => {
    if (anew) setRefused(0);
  }, [anew]);
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
