import type { Area } from "../core/contract/adapter.ts";
import type { Widget } from "./context.ts";

/** Whether the member can use this area now, or after signing in. An area above the member's rank leads nowhere. */
export function canReach(widget: Widget, area: Area): boolean {
  const access = widget.session.session.value?.access[area];
  const isAboveRank = access?.allowed === false && access.reason === "rank";
  return widget.offers(area) && !isAboveRank;
}
