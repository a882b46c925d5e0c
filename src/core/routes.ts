/** The member's location in the widget; a string in `Podpora.navigate()` and `#podpora=…`. */
export type Route =
  | { readonly tab: "tickets"; readonly view: "list" }
  | { readonly tab: "tickets"; readonly view: "new" }
  | { readonly tab: "tickets"; readonly view: "ticket"; readonly id: string }
  | { readonly tab: "chat"; readonly view: "chat" };

/** Reads `tickets`, `tickets/new`, `tickets/<id>` and `chat`; anything else is undefined. */
export function parseRoute(text: string): Route | undefined {
  const [tab, rest = "", ...more] = text.split("/");
  if (more.length > 0) return undefined;
  if (tab === "chat" && !rest) return { tab, view: "chat" };
  if (tab !== "tickets") return undefined;
  if (!rest) return { tab, view: "list" };
  if (rest === "new") return { tab, view: "new" };
  return { tab, view: "ticket", id: decode(rest) };
}

export function formatRoute(route: Route): string {
  if (route.view === "chat") return "chat";
  if (route.view === "list") return "tickets";
  return `tickets/${route.view === "new" ? "new" : encodeURIComponent(route.id)}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
