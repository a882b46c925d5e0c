import { useUi } from "../context.ts";
import { minute } from "./minute.ts";

/** The desk's time. The component is drawn again with each minute, and when the desk has said what time it is. */
export function useNow(): number {
  const { clock } = useUi().widget;
  void minute.value;
  // A model's verbs subscribe nobody.
  void clock.offset.value;
  return clock.now();
}
