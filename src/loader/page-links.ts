/**
 * `data-podpora-open="tickets/new"` on any element of the page opens the widget there, without code; inside web
 * components too.
 */
export function watchLinks(open: (route: string) => void, signal: AbortSignal): void {
  function onClick(event: MouseEvent) {
    if (event.defaultPrevented) return;
    const route = event.composedPath().flatMap(routeOf)[0];
    if (route === undefined) return;
    event.preventDefault();
    open(route);
  }
  document.addEventListener("click", onClick, { signal });
}

function routeOf(target: EventTarget): string[] {
  const route = target instanceof Element ? target.getAttribute("data-podpora-open") : null;
  return route === null ? [] : [route || "tickets"];
}

/** The route of an address such as "#podpora=tickets/123". */
export const linkedRoute = (): string | undefined => /^#podpora=(.+)$/.exec(location.hash)?.[1];

/** The chat page's one-time code, removed from the address before other code can read it. */
export function takeCode(): string | undefined {
  const code = /^#code=([\w-]+)$/.exec(location.hash)?.[1];
  if (code) history.replaceState(history.state, "", location.pathname + location.search);
  return code;
}
