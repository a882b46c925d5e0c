import { computed, createModel, signal } from "@preact/signals-core";
import type { Adapter, Credentials as Login, Session } from "../contract/adapter.ts";
import { AdapterError, type AdapterErrorCode, codeOf, isRetryable } from "../contract/errors.ts";
import { onDispose } from "../delivery/on-dispose.ts";
import { withDeadline } from "../delivery/deadlines.ts";
import { callContext, type Platform } from "../platform.ts";
import { createAskAgain } from "./ask-again.ts";
import { forgetAbsent } from "./forget-absent.ts";
import { createCredentials, type Credentials } from "./credentials.ts";
import { createHandOver } from "./hand-over.ts";
import type { Merging } from "./merge-guest.ts";
import { type Answer, createPerson, nameOf, type Person } from "./person.ts";
import { isSameOffer, keepSession, recallSession } from "./recall.ts";
import { createSite } from "./site.ts";
import type { SiteIdentity } from "./site-identity.ts";
import { revokeToken } from "./revocation.ts";
import { subjectOf } from "./subject.ts";
import { createTokenStore, guestOf } from "./token-store.ts";
import { onWiped, wipe } from "./wipe.ts";

export type IdentityState =
  | { readonly status: "connecting" }
  | { readonly status: "failed"; readonly code: AdapterErrorCode }
  | { readonly status: "ready"; readonly adapter: Adapter; readonly session: Session };

/** Without a gateway's access rules, everything that the adapter has is open. */
const everythingOpen: Session = { access: { tickets: { allowed: true }, chat: { allowed: true } } };

const connectMs = 20_000;
/** The maximum time that a sign-out waits for the gateway. */
const signOutMs = 3_000;
/** A hanging storage must not delay the sign-out. */
const storedMs = 2_000;

/**
 * Decides who uses this browser now; nothing else does. Events that may change the answer (the site, a sign-in, a
 * sign-out, a refused token, another tab) change its inputs, the site's identity and the stored token, and start a new
 * lookup. Only the latest lookup counts: the result of an earlier one is discarded.
 */
export const IdentityModel = createModel((platform: Platform, first: SiteIdentity | undefined) => {
  const { storage } = platform;
  const tokens = createTokenStore(storage);
  const person = signal<Person | undefined>(undefined);
  const failure = signal<AdapterErrorCode | undefined>(undefined);
  const expired = signal(false);
  const leftBehind = signal(false);
  const stopped = new AbortController();
  const site = createSite(platform, first);
  let question = new AbortController();
  let running: Promise<void> | undefined;
  const again = createAskAgain(platform, stopped.signal, resolveQuietly);
  const handOver = createHandOver(platform, tokens);
  /** They have left, and their text is still being stored. */
  const leaving = new Set<Person>();
  let siteFails = false;
  let isMerging = false;
  let adapter: Adapter | undefined;

  onDispose(() => {
    stopped.abort();
    leave();
    void adapter?.dispose?.();
  });
  onDispose(tokens.watch(() => void tokenChanged()));
  onDispose(onWiped(storage, () => void signedOutElsewhere()));

  const state = computed<IdentityState>(() => {
    const now = person.value;
    if (now) return { status: "ready", adapter: now.scope.adapter, session: now.session.value };
    return failure.value ? { status: "failed", code: failure.value } : { status: "connecting" };
  });
  const ctx = (signal: AbortSignal = stopped.signal) => callContext(platform, signal);
  const isSignedIn = () => person.peek()?.name.startsWith("member:") ?? false;

  function leave() {
    const before = person.peek();
    if (!before) return;
    before.leave();
    leaving.add(before);
    void before.settled().finally(() => leaving.delete(before));
    person.value = undefined;
  }

  /** No current or previous person can write any more. */
  function leaveForGood() {
    for (const each of [person.peek(), ...leaving]) each?.revoke();
    leave();
  }

  /** Looks up the person. A running lookup is discarded. */
  function resolve(): Promise<void> {
    failure.value = undefined;
    return resolveQuietly();
  }

  /** Like `resolve`, but the last error stays on the screen until there is an answer. */
  function resolveQuietly(): Promise<void> {
    question.abort();
    question = new AbortController();
    const mine = AbortSignal.any([stopped.signal, question.signal]);
    const asking = ask(mine)
      .catch((error: unknown) => {
        if (mine.aborted) return;
        // Prefer a person who is still here to an error page.
        failure.value = codeOf(error);
        if (isRetryable(error)) again.later(error);
      })
      .finally(() => {
        if (running === asking) running = undefined;
      });
    running = asking;
    return asking;
  }

  async function ask(mine: AbortSignal) {
    const siteToken = await askSite(mine);
    const stored = await tokens.read();
    mine.throwIfAborted();
    const token = siteToken ?? stored?.token;
    const now = person.peek();
    // Another person's screen is not shown during the lookup.
    if (now && subjectOf(now.credentials.token()) !== subjectOf(token) && !isGuestsBeginning(now, token)) leave();
    const end = new AbortController();
    const credentials = credentialsOf(token, end.signal);
    const answered = new AbortController();
    try {
      const connecting = withDeadline(connectMs, mine, async () => await platform.connect(ctx(mine), credentials));
      const guest = guestOf(stored);
      // A guest who still has to be merged is merged first.
      if (guest === undefined || guest === token)
        void recall(token, AbortSignal.any([mine, answered.signal])).catch(() => undefined);
      const connected = await connecting;
      const current = async () => await connected.session?.current(ctx(mine));
      const session = (await withDeadline(connectMs, mine, current)) ?? everythingOpen;
      mine.throwIfAborted();
      answered.abort();
      if (siteToken !== undefined) site.answered(session.member === undefined);
      await settle({ adapter: connected, session, credentials, end }, mine);
      if (!siteFails && !isMerging) again.reset();
    } catch (error) {
      end.abort();
      throw error;
    }
  }

  /**
   * Starts with the server's answer from an earlier page, until it has `answered`: for the first person on this one.
   */
  async function recall(token: string | undefined, answered: AbortSignal) {
    if (adapter) return;
    const end = new AbortController();
    const credentials = credentialsOf(token, end.signal);
    const known = await recallSession(platform, credentials, answered);
    if (!known) return;
    adapter = known.adapter;
    credentials.settle();
    person.value = createPerson(platform, { ...known, credentials, end }, true);
  }

  /** The guest who was anonymous a moment ago: the same person. */
  const isGuestsBeginning = (now: Person, token: string | undefined) =>
    now.name === "guest" && now.credentials.token() === undefined && token !== undefined;

  async function askSite(mine: AbortSignal): Promise<string | undefined> {
    again.drop();
    siteFails = false;
    try {
      return await site.ask(mine);
    } catch (error) {
      mine.throwIfAborted();
      siteFails = true;
      // The site may return a token later: then the member is signed in automatically.
      again.later(error);
      return undefined;
    }
  }

  function credentialsOf(token: string | undefined, left: AbortSignal): Credentials {
    const isOurs = () => person.peek()?.credentials === credentials;
    const credentials = createCredentials(platform, tokens, token, left, {
      renew: async (signal) =>
        await site.renew(signal).catch((error: unknown) => {
          if (!signal.aborted && isOurs()) refused();
          throw error;
        }),
      onOther: () => isOurs() && changed(),
      onRefused: () => isOurs() && refused(),
    });
    return credentials;
  }

  async function settle(answer: Answer, mine: AbortSignal) {
    const { session } = answer;
    const name = nameOf(session.member);
    const now = person.peek();
    failure.value = undefined;
    if (!isMember(session)) isMerging = false;
    if (now?.name !== name) return await swap(answer, mine);
    if (now.isRecalled.peek() && !isSameOffer(now.scope.adapter, answer.adapter)) return await swap(answer, mine);
    // A failed merge is retried while the member continues.
    const merging = isMerging ? await handOver.merge(answer.adapter, name, mine) : undefined;
    if (merging !== undefined && merging !== "later") return await swap(answer, mine, merging);
    now.credentials.replace(answer.credentials.token());
    now.session.value = session;
    confirm(now, answer.adapter);
    if (answer.adapter !== now.scope.adapter) void answer.adapter.dispose?.();
    if (isMerging) again.later(undefined);
  }

  /** Also for the same member, once they got a guest's data: their models would not know it. */
  async function swap(answer: Answer, mine: AbortSignal, merging?: Merging) {
    const { adapter: connected, session, credentials } = answer;
    const name = nameOf(session.member);
    leave();
    if (isMember(session)) {
      await Promise.all([...leaving].map((each) => handOver.store(each, mine)));
      await takeOver(name, merging ?? (await handOver.merge(connected, name, mine)), mine);
      expired.value = false;
    }
    if (adapter !== connected) void adapter?.dispose?.();
    adapter = connected;
    credentials.settle();
    const next = createPerson(platform, answer);
    person.value = next;
    confirm(next, connected);
  }

  function confirm(now: Person, by: Adapter) {
    now.isRecalled.value = false;
    void keepSession(platform, now.scope.storage, now.credentials, by);
    void forgetAbsent(platform, now.name, now.scope.left).catch(() => undefined);
  }

  /** Transfers the data of this browser's guest to the member. A failed transfer is repeated later. */
  async function takeOver(name: string, merging: Merging, mine: AbortSignal) {
    await handOver.adopt(name, merging, mine);
    if (merging === "left behind") leftBehind.value = true;
    isMerging = merging === "later";
    if (isMerging) again.later(undefined);
  }

  /** The same adapter is asked again: a rank may have changed. */
  async function refresh(now: Person) {
    try {
      const session = await now.scope.adapter.session?.current(ctx(now.scope.left));
      if (!session || person.peek() !== now) return;
      if (nameOf(session.member) === now.name) now.session.value = session;
      else await resolve();
    } catch {
      // Prefer a session that worked a moment ago to an error page: the calls themselves will report what is wrong.
    }
  }

  function connect(): Promise<void> {
    const now = person.peek();
    if (running) return running;
    return now && !now.isRecalled.peek() ? refresh(now) : resolve();
  }

  function changed() {
    leave();
    void resolve();
  }

  function refused() {
    const before = isSignedIn();
    leave();
    if (before) expired.value = true;
    void resolve();
  }

  async function tokenChanged() {
    const stored = await tokens.read();
    const now = person.peek();
    if (now) {
      // The site's identity takes precedence over the stored one.
      if (stored?.token === now.credentials.token() || (site.isNamed() && isSignedIn())) return;
    } else if (!running) return;
    await resolve();
  }

  async function signedOutElsewhere() {
    site.name(undefined);
    leaveForGood();
    await resolve();
  }

  const revoke = async (known: Adapter | undefined, token: string | undefined) =>
    await revokeToken(platform, tokens, known, token, ctx());

  return {
    state,
    person: computed(() => person.value),
    session: computed(() => person.value?.session.value),
    /** The data is from an earlier page: the server has not answered yet. */
    isRecalled: computed(() => person.value?.isRecalled.value ?? false),
    /** The member was signed in until their token expired. Their text is kept under their name. */
    expired: computed(() => expired.value),
    /** A chat that the member started as a guest could not be transferred to their account. */
    leftBehind: computed(() => leftBehind.value),
    dismissLeftBehind: () => void (leftBehind.value = false),
    /** Looks up once; a second call while the first is running joins it. */
    connect,
    retry: () => resolve(),
    /** The site names its member; undefined: no longer anybody. */
    async identify(next: SiteIdentity | undefined): Promise<void> {
      const isSame = next?.token !== undefined && next.token === person.peek()?.credentials.token();
      site.name(next);
      // The last call counts: the result of an earlier, running one is discarded.
      if (isSame && !next?.getToken && !running) return;
      again.reset();
      await resolve();
    },
    /** Rejects with the `AdapterError` of the desk. */
    async signIn(login: Login): Promise<void> {
      const accounts = person.peek()?.scope.adapter.accounts;
      if (!accounts) throw new AdapterError("unavailable", "the gateway has not answered yet, or has no accounts");
      await accounts.signIn(login, ctx());
      expired.value = false;
      await resolve();
    },
    /** Forgets the member here at once, also offline, and tells the gateway as soon as possible. */
    async signOut(): Promise<void> {
      question.abort();
      again.drop();
      const before = person.peek();
      site.name(undefined);
      expired.value = false;
      leftBehind.value = false;
      leaveForGood();
      // The other tabs are notified at once; stored data is still read before it is removed.
      const [stored, wiping] = [tokens.read(), wipe(storage)];
      const token = before?.credentials.token() ?? (await stored)?.token;
      const wiped = Promise.all([wiping, tokens.forget(token)]);
      await withDeadline(storedMs, stopped.signal, () => wiped).catch(() => undefined);
      const revoked = revoke(before?.scope.adapter ?? adapter, token);
      await withDeadline(signOutMs, stopped.signal, () => revoked).catch(() => undefined);
      await resolve();
    },
    /** Tells the gateway that the sign-in of a token that is no longer stored here has ended. */
    revoke: (token: string) => revoke(undefined, token),
    async chatPage(): Promise<string | undefined> {
      const now = person.peek();
      return await now?.scope.adapter.session?.chatPage?.(ctx(now.scope.left));
    },
  };
});

const isMember = ({ member }: Session) => member !== undefined && !member.guest;
