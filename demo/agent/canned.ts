import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Canned } from "../desk/canned.ts";
import { useDesk } from "./context.ts";

export interface CannedChoice {
  /** Empty while there is nothing to choose. */
  readonly found: readonly Canned[];
  readonly chosen: Canned | undefined;
  readonly move: (by: number) => void;
  readonly dismiss: () => void;
}

/** Typing one more letter is faster than scrolling a longer list. */
const shownAtMost = 5;

/** The canned answers that match a text of "/" and the beginning of a name. */
export function useCanned(locale: string, text: string): CannedChoice {
  const { calls } = useDesk();
  const all = useSignal<readonly Canned[]>([]);
  const index = useSignal(0);
  const dismissed = useSignal<string | undefined>(undefined);

  useEffect(() => {
    calls()
      ?.canned(locale)
      .then((answers) => (all.value = answers))
      // The composer works without them.
      .catch(() => undefined);
  }, [locale]);
  useEffect(() => {
    index.value = 0;
  }, [text]);

  const wanted = /^\/([\p{L}\d]*)$/u.exec(text)?.[1]?.toLowerCase();
  const fitting =
    wanted === undefined || dismissed.value === text ? [] : all.value.filter(({ name }) => name.startsWith(wanted));
  const found = fitting.slice(0, shownAtMost);
  return {
    found,
    chosen: found[index.value % Math.max(1, found.length)],
    move: (by) => (index.value = (index.value + by + found.length) % Math.max(1, found.length)),
    dismiss: () => (dismissed.value = text),
  };
}
