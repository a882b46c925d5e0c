import { expect } from "vitest";
import type { Adapter, CallContext, Member, TicketDraft, UploadContext } from "../core/contract/adapter.ts";
import { isAdapterError, type AdapterErrorCode } from "../core/contract/errors.ts";
import type { Backend, Subject } from "./subject.ts";

export interface Case {
  readonly title: string;
  run(stage: Stage): Promise<void>;
}

export type With<T, K extends keyof T> = { readonly [Name in K]-?: NonNullable<T[Name]> };

/** What a case receives. */
export interface Stage {
  readonly subject: Subject;
  readonly backend: Backend;
  readonly mine: Adapter;
  /** The same desk's adapter for the other member. */
  readonly theirs: Adapter;
  readonly me: Member;
  readonly them: Member;
  /** A ticket that the desk accepts, with all required form fields filled in. */
  draft(over?: Partial<TicketDraft>): TicketDraft;
  /** Skips the case if the part, or one of the named methods or properties, is absent. */
  need<T extends object, K extends keyof T = never>(part: T | undefined, ...names: readonly K[]): T & With<T, K>;
}

/** The context of a call by this member, as the gateway passes it. */
export function by(member: Member, signal: AbortSignal = new AbortController().signal): UploadContext & CallContext {
  return { signal, locale: "en", member };
}

export function uuid(): string {
  return crypto.randomUUID();
}

export function chatRequest(member: Member, question = "Where is my order?") {
  return { clientId: uuid(), name: member.name ?? "Guest", email: member.email ?? "guest@example.org", question };
}

/** The error code that the call rejects with: an AdapterError with one of these codes. */
export async function refusal(
  call: Promise<unknown>,
  ...codes: readonly AdapterErrorCode[]
): Promise<AdapterErrorCode> {
  const outcome = await call.then(
    (value: unknown) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if (!("error" in outcome)) {
    return expect.fail(`expected a refusal (${codes.join(" or ")}), got ${JSON.stringify(outcome.value)}`);
  }
  if (!isAdapterError(outcome.error)) return expect.fail(`expected an AdapterError, got ${String(outcome.error)}`);
  const { code, message } = outcome.error;
  return codes.includes(code) ? code : expect.fail(`expected ${codes.join(" or ")}, got ${code}: ${message}`);
}

/** The first step of an iteration, in which an adapter rejects invalid requests. */
export async function firstOf<T>(events: AsyncIterable<T>): Promise<IteratorResult<T>> {
  return await events[Symbol.asyncIterator]().next();
}

/** All items of all pages. Fails on a cursor that repeats. */
export async function allPages<T>(
  page: (cursor: string | undefined) => Promise<{ readonly items: readonly T[]; readonly next?: string }>,
): Promise<readonly T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < 1000; pages += 1) {
    // oxlint-disable-next-line no-await-in-loop -- each page has the cursor of the next
    const answer = await page(cursor);
    items.push(...answer.items);
    if (answer.next === undefined) return items;
    cursor = answer.next;
  }
  return expect.fail("the pages never end");
}

/** All items of pages that go back in time, oldest first. */
export async function allPagesBefore<T>(
  page: (before: string | undefined) => Promise<{ readonly items: readonly T[]; readonly next?: string }>,
): Promise<readonly T[]> {
  const pages: (readonly T[])[] = [];
  await allPages(async (before) => {
    const answer = await page(before);
    pages.unshift(answer.items);
    return answer;
  });
  return pages.flat();
}
