import { type Signal, signal } from "@preact/signals-core";
import type { Adapter, Member, Session } from "../contract/adapter.ts";
import { createScope, type Scope } from "../delivery/scope.ts";
import type { Platform } from "../platform.ts";
import type { Credentials } from "./credentials.ts";

/** Whoever uses this browser now. To change the person is to swap this object. */
export interface Person {
  /** Their part of the storage. */
  readonly name: string;
  readonly scope: Scope;
  readonly session: Signal<Session>;
  readonly credentials: Credentials;
  /** Ends all that they have under way. What they have written is still stored for their next visit. */
  leave(): void;
  /** Leaves, and stores nothing more: their part of the storage is wiped, or goes over to somebody else. */
  revoke(): void;
  /** Resolves when everything that they have written is stored. */
  settled(): Promise<void>;
}

/** Guests share one part, so that a guest's words do not vanish when the server gives them a name. */
export function nameOf(member: Member | undefined): string {
  if (!member || member.guest) return "guest";
  // Nobody's part lies within another one's.
  return `member:${member.id.replaceAll("%", "%25").replaceAll("/", "%2F")}`;
}

/** `end` ends the person's scope: it aborts `scope.left`. */
export function createPerson(
  platform: Platform,
  adapter: Adapter,
  session: Session,
  credentials: Credentials,
  end: AbortController,
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
    leave: () => end.abort(),
    revoke() {
      end.abort();
      revoked.abort();
    },
    settled: () => scope.storage.settled(),
  };
}
