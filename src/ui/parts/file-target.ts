import { type Signal, signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext, useLayoutEffect } from "preact/hooks";
import type { Files } from "../../core/delivery/files.ts";

/** Where files go that are dropped on the panel or pasted into it: to the form or the answer that is before the member. */
export const FileTarget = createContext<Signal<Files | undefined>>(signal(undefined));

export function useAsFileTarget(files: Files, disabled: boolean): void {
  const target = useContext(FileTarget);
  // As soon as it is drawn: a busy browser runs other effects much later.
  useLayoutEffect(() => {
    if (disabled) return;
    target.value = files;
    return () => {
      if (target.peek() === files) target.value = undefined;
    };
  }, [files, disabled]);
}
