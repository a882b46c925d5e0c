import { toJson } from "../core/contract/json.ts";

/** What this browser tab restores on the site's next page: the open panel, the running chat. */
export interface Remembered {
  readonly open: boolean;
  readonly route: string;
  /** A conversation is running: its messages are fetched even while the panel is closed. */
  readonly live: boolean;
}

const tabKey = "podpora";

export function recall(): Partial<Remembered> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the widget's own; the app checks the route
  return attempt(() => JSON.parse(sessionStorage.getItem(tabKey) ?? "null") as Partial<Remembered> | null) ?? {};
}

export function remember(state: Remembered): void {
  attempt(() => {
    if (state.open || state.live) sessionStorage.setItem(tabKey, toJson(state));
    else sessionStorage.removeItem(tabKey);
  });
}

/** Keys in the `localStorage`. */
export const keys = {
  /** The member's language, for the launcher: the storage that contains it is opened later. */
  language: "podpora:language",
  /** True if a member signed in here before: then the badge is loaded. Outlives the tab. */
  follow: "podpora:follow",
  /** The site has signed its member out, but the app has not wiped their data yet. */
  signOut: "podpora:sign-out",
} as const;
type Name = keyof typeof keys;

export const recallFor = (name: Name): string | undefined =>
  attempt(() => localStorage.getItem(keys[name])) ?? undefined;

export function rememberFor(name: Name, value: string | false | undefined): void {
  attempt(() => {
    if (value) localStorage.setItem(keys[name], value);
    else localStorage.removeItem(keys[name]);
  });
}

/** If storage is blocked, nothing is remembered, and everything else works. */
function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
