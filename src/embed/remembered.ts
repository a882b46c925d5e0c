/** What this browser tab goes on with on the site's next page: the panel that was open, the chat that was running. */
export interface Remembered {
  readonly open: boolean;
  readonly route: string;
  /** A conversation is running: its messages are fetched even while the panel is closed. */
  readonly live: boolean;
}

const key = "podpora";

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
    if (state.open || state.live) sessionStorage.setItem(key, JSON.stringify(state));
    else sessionStorage.removeItem(key);
  } catch {
    // Storage that is refused: the panel starts closed on the next page.
  }
}
