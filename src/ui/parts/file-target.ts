import { type Signal, signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext, useLayoutEffect } from "preact/hooks";
import type { Files } from "../../core/delivery/files.ts";

/** The form or composer that receives files dropped on or pasted into the panel. */
export const FileTarget = createContext<Signal<Files | undefined>>(signal(undefined));

export function useAsFileTarget(files: Files, disabled: boolean): void {
  const target = useContext(FileTarget);
  // A layout effect, as a busy browser may run other effects much later.
  useLayoutEffect(() => {
    if (disabled) return;
    target.value = files;
    return () => {
      if (target.peek() === files) target.value = undefined;
    };
  }, [files, disabled]);
}
