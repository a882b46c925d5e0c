import { useEffect, useRef, useState } from "preact/hooks";

/**
 * Errors show after the first attempt to send. Each failed attempt, local or by the desk (`failure`), focuses the first
 * wrong field or the error and scrolls to it. `anew` clears the errors after the form was cleared.
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
    /** Calls `send` if there are no errors. */
    check(errors: Readonly<Record<string, string | undefined>>, send: () => void) {
      const wrong = Object.values(errors).some(Boolean);
      setRefused(wrong ? refused + 1 : 0);
      if (wrong) return;
      // The fields are off while it is sent: one of them would lose the focus.
      element.current?.querySelector<HTMLElement>("[type=submit]")?.focus();
      send();
    },
  };
}
