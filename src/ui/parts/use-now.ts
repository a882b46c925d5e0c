import { useUi } from "../context.ts";
import { minute } from "./minute.ts";

/** The desk's time. Re-renders each minute, and when the desk's clock offset changes. */
export function useNow(): number {
  const { clock } = useUi().widget;
  void minute.value;
  // Subscribes: a call of `now()` does not.
  void clock.offset.value;
  return clock.now();
}
