import { toJson } from "../core/contract/json.ts";

/** What this browser tab goes on with on the site's next page: the panel that was open, the chat that was running. */
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

/** Names in the `localStorage`. */
export const keys = {
  /** The language that the member chose, for the launcher: the storage that holds it is opened later. */
  language: "podpora:language",
  /** A member has signed in here, who is to see on the launcher what waits for them. Outlives the tab. */
  follow: "podpora:follow",
  /** The site has signed its member out, and the app has not wiped yet what it holds of them. */
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

/** Storage that is refused remembers nothing, and keeps nobody from help. */
function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
