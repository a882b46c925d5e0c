/** Links and buttons of the page open the widget without code: `data-podpora-open="tickets/new"`, `href="#podpora=chat"`. */
export function watchLinks(open: (route: string) => void): () => void {
  function onClick(event: MouseEvent) {
    if (event.defaultPrevented || !(event.target instanceof Element)) return;
    const element = event.target.closest<HTMLElement>("[data-podpora-open]");
    if (!element) return;
    event.preventDefault();
    open(element.dataset["podporaOpen"] || "tickets");
  }
  function onHash() {
    const route = /^#podpora=(.+)$/.exec(location.hash)?.[1];
    if (route) open(route);
  }
  document.addEventListener("click", onClick);
  window.addEventListener("hashchange", onHash);
  onHash();
  return () => {
    document.removeEventListener("click", onClick);
    window.removeEventListener("hashchange", onHash);
  };
}

/** The chat page's one-time code, taken out of the address before anything else can read it there. */
export function takeCode(): string | undefined {
  const code = /^#code=([\w-]+)$/.exec(location.hash)?.[1];
  if (code) history.replaceState(history.state, "", location.pathname + location.search);
  return code;
}
