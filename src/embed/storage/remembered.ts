import { toJson } from "../../core/contract/json.ts";

/** What this browser tab goes on with on the site's next page: the panel that was open, the chat that was running. */
export interface Remembered {
  readonly open: boolean;
  readonly route: string;
  /** A conversation is running: its messages are fetched even while the panel is closed. */
  readonly live: boolean;
}

const key = "podpora";
/** The language that the member chose, for the launcher: the storage that holds it is opened later. */
const languageKey = "podpora:language";
/** Outlives the tab: a member who comes back is told on the site's own pages what waits for them. */
const followKey = "podpora:follow";

export function recall(): Remembered | undefined {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(key) ?? "null");
    if (typeof stored !== "object" || stored === null) return undefined;
    const { open, route, live } = stored as Partial<Remembered>;
    return { open: open === true, route: typeof route === "string" ? route : "tickets", live: live === true };
  } catch {
    return undefined;
  }
}

export function remember(state: Remembered): void {
  try {
    if (state.open || state.live) sessionStorage.setItem(key, toJson(state));
    else sessionStorage.removeItem(key);
  } catch {
    // Storage that is refused: the panel starts closed on the next page.
  }
}

/** Whether a member has signed in here, who is to see on the launcher what waits for them. */
export function follows(): boolean {
  try {
    return localStorage.getItem(followKey) !== null;
  } catch {
    return false;
  }
}

export function rememberToFollow(follow: boolean): void {
  try {
    if (follow) localStorage.setItem(followKey, "1");
    else localStorage.removeItem(followKey);
  } catch {
    // Storage that is refused: the badge begins with the first open.
  }
}

export function recallLanguage(): string | undefined {
  try {
    return localStorage.getItem(languageKey) ?? undefined;
  } catch {
    return undefined;
  }
}

export function rememberLanguage(language: string | undefined): void {
  try {
    if (language === undefined) localStorage.removeItem(languageKey);
    else localStorage.setItem(languageKey, language);
  } catch {
    // Storage that is refused: the launcher speaks the page's language.
  }
}
