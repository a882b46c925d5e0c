export interface LinkedPanel {
  open(route: string): void;
  navigate(route: string): void;
  close(): void;
  state(): { readonly open: boolean; readonly route: string | undefined };
}

export interface PageLinks {
  /** The member went on to another place in the panel: the address that led there goes along. */
  moved(route: string): void;
  /** The member closed the panel: the address that opened it does not stay behind. */
  closed(): void;
  stop(): void;
}

const linkedRoute = () => /^#podpora=(.+)$/.exec(location.hash)?.[1];

/**
 * Links and buttons of the page open the widget without code: `data-podpora-open="tickets/new"` leaves the page's address
 * alone; `href="#podpora=tickets/123"` can be bookmarked and sent on, and Back closes what it opened.
 */
export function watchLinks(panel: LinkedPanel): PageLinks {
  /** What was there before the link, for Back to go to. */
  let before: ReturnType<LinkedPanel["state"]> | undefined;

  function onClick(event: MouseEvent) {
    if (event.defaultPrevented || !(event.target instanceof Element)) return;
    const element = event.target.closest<HTMLElement>("[data-podpora-open]");
    if (!element) return;
    event.preventDefault();
    panel.open(element.dataset["podporaOpen"] || "tickets");
  }
  function onHash() {
    const route = linkedRoute();
    if (route) {
      before ??= panel.state();
      panel.open(route);
    } else if (before) {
      const { open, route: there } = before;
      before = undefined;
      if (open && there) panel.navigate(there);
      else panel.close();
    }
  }
  const replaceHash = (hash: string) =>
    history.replaceState(history.state, "", location.pathname + location.search + hash);

  document.addEventListener("click", onClick);
  window.addEventListener("hashchange", onHash);
  onHash();
  return {
    moved(route) {
      if (linkedRoute()) replaceHash(`#podpora=${route}`);
    },
    closed() {
      if (linkedRoute()) replaceHash("");
      before = undefined;
    },
    stop() {
      document.removeEventListener("click", onClick);
      window.removeEventListener("hashchange", onHash);
    },
  };
}

/** The chat page's one-time code, taken out of the address before anything else can read it there. */
export function takeCode(): string | undefined {
  const code = /^#code=([\w-]+)$/.exec(location.hash)?.[1];
  if (code) history.replaceState(history.state, "", location.pathname + location.search);
  return code;
}
