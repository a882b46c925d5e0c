import type { Adapter, Session } from "../contract/adapter.ts";
import { toJson } from "../contract/json.ts";
import { keptAnswer, keptPrefix } from "../delivery/kept-answer.ts";
import { scopedStorage } from "../delivery/personal-storage.ts";
import type { Storage } from "../delivery/storage.ts";
import { callContext, type Platform } from "../platform.ts";
import type { Credentials } from "./credentials.ts";
import { nameOf } from "./person.ts";
import { claimsOf, subjectOf } from "./subject.ts";

const key = "session";

/** Stores the server's answer for this person, for the next page. */
export async function keepSession(
  platform: Platform,
  storage: Storage,
  credentials: Credentials,
  adapter: Adapter,
): Promise<void> {
  const { answer } = adapter.session ?? {};
  const token = credentials.token();
  const subject = subjectOf(token);
  // Without a subject in the token, it is unknown whose answer it is.
  if (answer === undefined || (token !== undefined && subject === undefined)) return;
  await keptAnswer(storage, key).write(subject, platform.now(), answer);
}

/**
 * The server's answer for this token from an earlier page. Undefined if there is none, if the token has expired, and if
 * a guest's data still has to be transferred to the member. Rejects when `signal` aborts.
 */
export async function recallSession(
  platform: Platform,
  credentials: Credentials,
  signal: AbortSignal,
): Promise<{ readonly adapter: Adapter; readonly session: Session } | undefined> {
  const { storage } = platform;
  const token = credentials.token();
  const name = partOf(token, platform.now());
  if (name === undefined) return undefined;
  const kept = keptAnswer(scopedStorage(storage, name, signal), key);
  const [answer, isGuestHere] = await Promise.all([
    kept.read(subjectOf(token), platform.now()),
    name === "guest" ? false : hasGuestsWords(storage),
  ]);
  signal.throwIfAborted();
  if (answer === undefined || isGuestHere) return undefined;
  const adapter = platform.recall?.(answer, credentials);
  const session = await adapter?.session?.current(callContext(platform, signal));
  signal.throwIfAborted();
  return adapter && session && nameOf(session.member) === name ? { adapter, session } : undefined;
}

/** The part of the storage that belongs to a token, if it can be derived. */
function partOf(token: string | undefined, now: number): string | undefined {
  if (token === undefined) return nameOf(undefined);
  const { sub, exp, guest } = claimsOf(token);
  if (typeof sub !== "string" || (typeof exp === "number" && exp * 1000 <= now)) return undefined;
  return nameOf({ id: sub, guest: guest === true });
}

/** A transferred outbox remains, and is empty. */
async function hasGuestsWords(storage: Storage): Promise<boolean> {
  const keys = (await storage.keys("guest/")).filter((each) => !each.startsWith(`guest/${keptPrefix}`));
  const values = await Promise.all(keys.map((each) => storage.get(each)));
  return values.some((value) => !Array.isArray(value) || value.length > 0);
}

/** Whether the server offers the same as before: then a recalled adapter continues. */
export const isSameOffer = (one: Adapter, other: Adapter): boolean => offerOf(one) === offerOf(other);

const offerOf = ({ tickets, chat, uploads, accounts, session }: Adapter): string =>
  toJson([tickets, chat, uploads, accounts, session].map((part) => part && Object.keys(part).toSorted())) +
  toJson(uploads?.limits);
