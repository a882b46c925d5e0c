import type { Link } from "../../loader/app.ts";
import { linkedRoute } from "../../loader/page-links.ts";
import { isBelow, type Mark, marked, markOf, pushSheetEntry, writeEntry } from "../../loader/entry-mark.ts";

export interface LinkedPanel {
  open(route: string): void;
  navigate(route: string): void;
  close(): void;
  state(): { readonly open: boolean; readonly route: string | undefined };
  isSheet(): boolean;
}

export interface PanelHistory {
  /** The tab went to another entry. */
  popped(event: PopStateEvent): void;
  /** The member opened the panel. A sheet covers the page: Back closes it. */
  opened(): void;
  /** The member went on to another place in the panel: the address that led there follows. */
  moved(route: string): void;
  /** The panel is closed: the address and the history are the page's again. */
  closed(): void;
  stop(): void;
}

/**
 * The panel and the tab's history. `#podpora=tickets/123` opens the panel and Back closes it. A sheet that a button has
 * opened gets an entry of its own, at the same address, since Back is how a phone closes what covers the screen. Whatever
 * closes the panel, the page's own hash is back, no entry of the widget's stays behind, and the page's router hears
 * nothing of the sheet's entry. `link`: the one that has opened the panel's frame, before there was a history to watch.
 */
export function watchHistory(panel: LinkedPanel, link?: Link): PanelHistory {
  /** What was there before the link, for Back to go to. */
  let before: (ReturnType<LinkedPanel["state"]> & { readonly hash: string }) | undefined;
  /** The entry that is shown, and the one before it, as far as the browser tells: of the page's own pushes it does not. */
  let here = link ? { ...look(), length: link.entries, href: link.event?.oldURL ?? "" } : look();
  let left = here;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** On the way back to the page's own entry. */
  let isLeaving = false;

  function look() {
    const { state, length }: { readonly state: unknown; readonly length: number } = history;
    return { state, length, href: location.href, mark: markOf(state) };
  }

  function onHash(event?: HashChangeEvent) {
    // A change of the hash comes twice in most browsers: as a popstate first.
    if (here.href !== location.href) arrive();
    const route = linkedRoute();
    if (route) {
      note(event);
      panel.open(route);
    } else if (before) {
      const { open, route: there } = before;
      before = undefined;
      if (open && there) panel.navigate(there);
      else panel.close();
    }
  }

  /** A link has led here: what was before, and how to get back to it. */
  function note(event?: HashChangeEvent) {
    const from = left.href === event?.oldURL ? left.mark : undefined;
    const hash = from?.hash ?? here.mark?.hash ?? pageHash(event?.oldURL);
    before ??= { ...panel.state(), hash };
    // An entry more than before: the link has made it. Where that is not certain, nobody goes back from it.
    if (event && !here.mark && here.length > left.length) mark({ depth: (from?.depth ?? 0) + 1, hash });
  }

  function arrive() {
    left = here;
    here = look();
  }

  function mark(value: Mark) {
    const state = marked(history.state, value);
    if (state) writeEntry("replaceState", state, location.href);
    here = look();
  }

  function onPop(event: PopStateEvent) {
    arrive();
    const hasReopened = isLeaving && panel.state().open;
    isLeaving = false;
    // A link that is followed while the sheet is open is popped too: it leads on, not back.
    const isBack = !linkedRoute() && here.length <= left.length;
    if (left.mark?.sheet && !here.mark && isBack) {
      // Between the two entries nothing of the page's has changed: its router would only draw the same again.
      const isSame = here.href === left.href && here.length === left.length && isBelow(here.state, left.state);
      if (isSame) event.stopImmediatePropagation();
      if (!hasReopened) panel.close();
    }
    if (hasReopened) opened();
  }

  function opened() {
    if (panel.isSheet() && !linkedRoute()) pushSheetEntry();
    here = look();
  }

  /** In a task of its own: a page that goes somewhere else right now is not sent back from there. */
  function leave({ depth }: Mark) {
    const { href } = location;
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (panel.state().open || location.href !== href || !markOf(history.state)) return;
      isLeaving = true;
      history.go(-depth);
    });
  }

  window.addEventListener("hashchange", onHash);
  if (link) {
    arrive();
    note(link.event);
  }

  return {
    popped: onPop,
    opened,
    moved(route) {
      if (!linkedRoute()) return;
      writeEntry("replaceState", history.state, `#podpora=${route}`);
      here = look();
    },
    closed() {
      const { mark: now } = look();
      if (linkedRoute()) {
        const { pathname, search, href } = location;
        const hash = before?.hash ?? now?.hash ?? "";
        writeEntry("replaceState", history.state, pathname + search + hash);
        // Replacing the address tells nobody; a router that goes by the hash has to know.
        const told = { oldURL: href, newURL: location.href };
        queueMicrotask(() => window.dispatchEvent(new HashChangeEvent("hashchange", told)));
      }
      before = undefined;
      here = look();
      if (now) leave(now);
    },
    stop() {
      clearTimeout(timer);
      window.removeEventListener("hashchange", onHash);
    },
  };
}

function pageHash(address: string | undefined): string {
  const hash = address === undefined ? "" : new URL(address).hash;
  return hash.startsWith("#podpora=") ? "" : hash;
}
