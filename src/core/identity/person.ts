import { type Signal, signal } from "@preact/signals-core";
import type { Adapter, Member, Session } from "../contract/adapter.ts";
import { createScope, type Scope } from "../delivery/scope.ts";
import type { Platform } from "../platform.ts";
import type { Credentials } from "./credentials.ts";

/** The person who uses this browser now. Changing the person means replacing this object. */
export interface Person {
  /** Their part of the storage. */
  readonly name: string;
  readonly scope: Scope;
  readonly session: Signal<Session>;
  readonly credentials: Credentials;
  /** Known from an earlier page; the server has not answered on this one yet. */
  readonly isRecalled: Signal<boolean>;
  /** Ends all their work. Their text is still stored for their next visit. */
  leave(): void;
  /** Leaves, and stores nothing more: their part of the storage is wiped, or transferred to another person. */
  revoke(): void;
  /** Resolves when all their text is stored. */
  settled(): Promise<void>;
}

/** Guests share one part, so that a guest's text does not disappear when the server gives them a name. */
export function nameOf(member: Member | undefined): string {
  if (!member || member.guest) return "guest";
  // No part is a prefix of another one.
  return `member:${member.id.replaceAll("%", "%25").replaceAll("/", "%2F")}`;
}

/** The data of a person: the server's answer for a token. */
export interface Answer {
  readonly adapter: Adapter;
  readonly session: Session;
  readonly credentials: Credentials;
  /** Ends the created person: it aborts `scope.left`. */
  readonly end: AbortController;
}

export function createPerson(
  platform: Platform,
  { adapter, session, credentials, end }: Answer,
  isRecalled = false,
): Person {
  const name = nameOf(session.member);
  const revoked = new AbortController();
  const scope = createScope(platform, adapter, name, credentials, {
    left: end.signal,
    revoked: revoked.signal,
  });
  return {
    name,
    scope,
    session: signal(session),
    credentials,
    isRecalled: signal(isRecalled),
    leave: () => end.abort(),
    revoke() {
      end.abort();
      revoked.abort();
    },
    settled: () => scope.storage.settled(),
  };
}
