/**
 * `data-podpora-open="tickets/new"` on anything of the page opens the widget there, without code; inside of web components
 * too. Returns a function that stops it.
 */
export function watchLinks(open: (route: string) => void): () => void {
  function onClick(event: MouseEvent) {
    if (event.defaultPrevented) return;
    const route = event.composedPath().flatMap(routeOf)[0];
    if (route === undefined) return;
    event.preventDefault();
    open(route);
  }
  document.addEventListener("click", onClick);
  return () => document.removeEventListener("click", onClick);
}

function routeOf(target: EventTarget): string[] {
  const route = target instanceof Element ? target.getAttribute("data-podpora-open") : null;
  return route === null ? [] : [route || "tickets"];
}

/** The chat page's one-time code, taken out of the address before anything else can read it there. */
export function takeCode(): string | undefined {
  const code = /^#code=([\w-]+)$/.exec(location.hash)?.[1];
  if (code) history.replaceState(history.state, "", location.pathname + location.search);
  return code;
}
