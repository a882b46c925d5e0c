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
import { createPerson, nameOf, type Person } from "./person.ts";
import { createSite } from "./site.ts";
import type { SiteIdentity } from "./site-identity.ts";
import { revokeToken } from "./revocation.ts";
import { subjectOf } from "./subject.ts";
import { createTokenStore } from "./token-store.ts";
import { onWiped, wipe } from "./wipe.ts";

export type IdentityState =
  | { readonly status: "connecting" }
  | { readonly status: "failed"; readonly code: AdapterErrorCode }
  | { readonly status: "ready"; readonly adapter: Adapter; readonly session: Session };

/** What the gateway said of a token. */
interface Answer {
  readonly adapter: Adapter;
  readonly session: Session;
  readonly credentials: Credentials;
  /** Ends the person that they make. */
  readonly end: AbortController;
}

/** Without a server in between that says otherwise, everything that the adapter has is open. */
const everythingOpen: Session = { access: { tickets: { allowed: true }, chat: { allowed: true } } };

const connectMs = 20_000;
/** A sign-out does not keep the member waiting for the gateway any longer than this. */
const signOutMs = 3_000;
/** A storage that hangs does not keep the member from signing out. */
const storedMs = 2_000;

/**
 * Who uses this browser now: the only place that decides it. What may change the answer (the site, a sign-in, a sign-out, a
 * refused token, another tab) changes its inputs, the site's identity and the stored token, and then asks anew. The last
 * question counts: an answer to an earlier one is void.
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
  /** They have left, and what they have written is still being stored. */
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

  /** Nobody who is here, or was until a moment ago, writes anything more. */
  function leaveForGood() {
    for (const each of [person.peek(), ...leaving]) each?.revoke();
    leave();
  }

  /** Asks who it is. A question that is under way is void from now on. */
  function resolve(): Promise<void> {
    failure.value = undefined;
    return resolveQuietly();
  }

  /** As `resolve`, and what went wrong the last time stays on the screen until there is an answer. */
  function resolveQuietly(): Promise<void> {
    question.abort();
    question = new AbortController();
    const mine = AbortSignal.any([stopped.signal, question.signal]);
    const asking = ask(mine)
      .catch((error: unknown) => {
        if (mine.aborted) return;
        // A person who is still here is worth more than an error page.
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
    // Another person's screen does not stay up while it is found out who this one is.
    if (now && subjectOf(now.credentials.token()) !== subjectOf(token) && !isGuestsBeginning(now, token)) leave();
    const end = new AbortController();
    const credentials = credentialsOf(token, end.signal);
    try {
      const connected = await withDeadline(connectMs, mine, async () => await platform.connect(ctx(mine), credentials));
      const current = async () => await connected.session?.current(ctx(mine));
      const session = (await withDeadline(connectMs, mine, current)) ?? everythingOpen;
      mine.throwIfAborted();
      if (siteToken !== undefined) site.answered(session.member === undefined);
      await settle({ adapter: connected, session, credentials, end }, mine);
      if (!siteFails && !isMerging) again.reset();
    } catch (error) {
      end.abort();
      throw error;
    }
  }

  /** The guest whom nobody knew a moment ago: the same person. */
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
      // The site may give a token later: then the member is signed in without doing anything.
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
    // What could not be merged so far is tried again while the member goes on.
    const merging = isMerging ? await handOver.merge(answer.adapter, name, mine) : undefined;
    if (merging !== undefined && merging !== "later") return await swap(answer, mine, merging);
    now.credentials.replace(answer.credentials.token());
    now.session.value = session;
    if (answer.adapter !== now.scope.adapter) void answer.adapter.dispose?.();
    if (isMerging) again.later(undefined);
  }

  /** Also the same member as before, once something of a guest's has come to them: their models would not know of it. */
  async function swap(answer: Answer, mine: AbortSignal, merging?: Merging) {
    const { adapter: connected, session, credentials, end } = answer;
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
    person.value = createPerson(platform, connected, session, credentials, end);
    void forgetAbsent(platform, name, end.signal).catch(() => undefined);
  }

  /** What a guest of this browser began goes over to the member. What can't be merged for now is merged later. */
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
      // A session that worked a moment ago is worth more than an error page: the calls themselves will say what is wrong.
    }
  }

  function connect(): Promise<void> {
    const now = person.peek();
    if (running) return running;
    return now ? refresh(now) : resolve();
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
      // The site's word comes before what is stored.
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
    /** The member was signed in until their token ran out. What they wrote waits for them under their name. */
    expired: computed(() => expired.value),
    /** A chat that the member began as a guest could not go over to their account. */
    leftBehind: computed(() => leftBehind.value),
    dismissLeftBehind: () => void (leftBehind.value = false),
    /** Asks once; a second call while the first still runs joins it. */
    connect,
    retry: () => resolve(),
    /** The site says who its member is; undefined: nobody any more. */
    async identify(next: SiteIdentity | undefined): Promise<void> {
      const isSame = next?.token !== undefined && next.token === person.peek()?.credentials.token();
      site.name(next);
      // The last call counts: one that is still asked about is not the answer to this one.
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
    /** Forgets the member here at once, also without a network, and tells the gateway as soon as it can be told. */
    async signOut(): Promise<void> {
      question.abort();
      again.drop();
      const before = person.peek();
      site.name(undefined);
      expired.value = false;
      leftBehind.value = false;
      leaveForGood();
      // The other tabs are told at once; what is stored is still read before it is removed.
      const [stored, wiping] = [tokens.read(), wipe(storage)];
      const token = before?.credentials.token() ?? (await stored)?.token;
      const wiped = Promise.all([wiping, tokens.forget(token)]);
      await withDeadline(storedMs, stopped.signal, () => wiped).catch(() => undefined);
      const revoked = revoke(before?.scope.adapter ?? adapter, token);
      await withDeadline(signOutMs, stopped.signal, () => revoked).catch(() => undefined);
      await resolve();
    },
    /** Tells the gateway that the sign-in of a token that is no longer stored here is over. */
    revoke: (token: string) => revoke(undefined, token),
    async chatPage(): Promise<string | undefined> {
      const now = person.peek();
      return await now?.scope.adapter.session?.chatPage?.(ctx(now.scope.left));
    },
  };
});

const isMember = ({ member }: Session) => member !== undefined && !member.guest;
