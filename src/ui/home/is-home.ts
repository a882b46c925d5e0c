import type { Widget } from "../context.ts";

/** The first screen: the list of issues, or the chat's form if there are none. */
export function isHome(widget: Widget): boolean {
  const route = widget.route.value;
  if (route.tab === "tickets") return route.view === "list";
  return !widget.offers("tickets") && !widget.chat.value?.conversation.value;
}
