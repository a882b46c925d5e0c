import { computed, createModel, effect, signal } from "@preact/signals-core";
import type { Adapter, Credentials, Session } from "../contract/adapter.ts";
import { type AdapterErrorCode, isAdapterError } from "../contract/errors.ts";
import { callContext, type Platform } from "../platform.ts";

export type SessionState =
  | { readonly status: "connecting" }
  | { readonly status: "failed"; readonly code: AdapterErrorCode }
  | { readonly status: "ready"; readonly adapter: Adapter; readonly session: Session };

/** Without a server in between that says otherwise, everything that the adapter has is open. */
const everythingOpen: Session = { access: { tickets: { allowed: true }, chat: { allowed: true } } };

/** Who the member is, and what is open to them. */
export const SessionModel = createModel((platform: Platform) => {
  const state = signal<SessionState>({ status: "connecting" });
  const stopped = new AbortController();
  let adapter: Adapter | undefined;
  effect(() => () => {
    stopped.abort();
    void adapter?.dispose?.();
  });
  let running: Promise<void> | undefined;
  const expired = signal(false);
  const isSignedIn = () => {
    const now = state.peek();
    return now.status === "ready" && now.session.member !== undefined && !now.session.member.guest;
  };

  async function refresh() {
    try {
      adapter ??= await platform.connect(callContext(platform, stopped.signal));
      const session = await adapter.session?.current(callContext(platform, stopped.signal));
      state.value = { status: "ready", adapter, session: session ?? everythingOpen };
    } catch (error) {
      if (stopped.signal.aborted) return;
      // A session that worked a moment ago is worth more than an error page: the calls themselves will say what is wrong.
      if (state.peek().status !== "ready") {
        state.value = { status: "failed", code: isAdapterError(error) ? error.code : "unknown" };
      }
    }
  }

  return {
    state,
    /** The member was signed in until their token ran out. What they wrote waits for them under their name. */
    expired: computed(() => expired.value),
    session: computed(() => (state.value.status === "ready" ? state.value.session : undefined)),
    /** Asks once; a second call while the first still runs joins it. */
    connect(): Promise<void> {
      running ??= refresh().finally(() => (running = undefined));
      return running;
    },
    retry(): Promise<void> {
      state.value = { status: "connecting" };
      running ??= refresh().finally(() => (running = undefined));
      return running;
    },
    /** Somebody else may be asking now: an answer under way is still about the one before. */
    async identityChanged(): Promise<void> {
      await running;
      await refresh();
    },
    /** Rejects with the `AdapterError` of the desk. */
    async signIn(credentials: Credentials): Promise<void> {
      await adapter?.accounts?.signIn(credentials, callContext(platform, stopped.signal));
      expired.value = false;
      await refresh();
    },
    /** The server takes the token no more. */
    async tokenRefused(): Promise<void> {
      const before = isSignedIn();
      await refresh();
      if (before && !isSignedIn()) expired.value = true;
    },
    /** Forgets the member here even when the server can't be told. A page that never asked who it is has a token all the same. */
    async signOut(): Promise<void> {
      state.value = { status: "connecting" };
      expired.value = false;
      const ctx = callContext(platform, stopped.signal);
      try {
        adapter ??= await platform.connect(ctx);
        await adapter.session?.signOut(ctx);
      } catch {
        // The token is forgotten by whoever keeps it; what is left at the server runs out.
      }
      await refresh();
    },
    async chatPage(): Promise<string | undefined> {
      return await adapter?.session?.chatPage?.(callContext(platform, stopped.signal));
    },
  };
});
