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
  /** The tab's history moved to another entry. */
  popped(event: PopStateEvent): void;
  /** The member opened the panel. A sheet covers the page: Back closes it. */
  opened(): void;
  /** The member moved within the panel: the address of a link that opened it follows. */
  moved(route: string): void;
  /** The panel is closed: the page's address and history are restored. */
  closed(): void;
  stop(): void;
}

/**
 * The panel and the tab's history. `#podpora=tickets/123` opens the panel and Back closes it. A sheet opened by a
 * button gets its own entry, at the same address, because on phones Back closes such sheets. However the panel is
 * closed, the page's own hash is restored, no entry of the widget remains, and the page's router is not notified of the
 * sheet's entry. `link`: the one that opened the panel's frame, before the history was watched.
 */
export function watchHistory(panel: LinkedPanel, link?: Link): PanelHistory {
  /** The entry before the link, the target of Back. */
  let before: (ReturnType<LinkedPanel["state"]> & { readonly hash: string }) | undefined;
  /** The current entry and the previous one, if known: the browser does not report the page's own pushes. */
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
    // Most browsers report a change of the hash twice: first as a popstate.
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

  /** A link has opened the panel: the previous entry, and how to return to it. */
  function note(event?: HashChangeEvent) {
    const from = left.href === event?.oldURL ? left.mark : undefined;
    const hash = from?.hash ?? here.mark?.hash ?? pageHash(event?.oldURL);
    before ??= { ...panel.state(), hash };
    // One entry more than before: the link has created it. If that is not certain, do not go back.
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
    // Following a link while the sheet is open is a popstate too: it leads forward, not back.
    const isBack = !linkedRoute() && here.length <= left.length;
    if (left.mark?.sheet && !here.mark && isBack) {
      // Between the two entries nothing of the page has changed: its router would only draw the same again.
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

  /** In a separate task: a page that navigates right now must not be sent back. */
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
        // Replacing the address fires no event; a hash router has to be notified.
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
