import type { CallContext, Member } from "../../core/contract/adapter.ts";
import { AdapterError } from "../../core/contract/errors.ts";

export interface VerifiedMember {
  readonly member: Member;
  /** In lower case. */
  readonly email: string;
}

/** The longest of RFC 5321. */
const EMAIL_MOST = 254;

/**
 * Who asks, at a desk that knows people by their e-mail. Rejects with `unauthorized` when nobody does, with `forbidden`
 * for a guest, and for who has no address.
 */
export function verifiedMember({ signal, member }: CallContext): VerifiedMember {
  signal.throwIfAborted();
  if (member === undefined) throw new AdapterError("unauthorized", "nobody asks: the context has no member");
  if (member.guest === true) {
    const message = 'a guest\'s address is only claimed: set access.tickets of the gateway to "members"';
    throw new AdapterError("forbidden", message);
  }
  const { email = "" } = member;
  // In lower case, a Kelvin sign is a "k": what only looks like somebody's address is not to become it.
  const isPlain = email.length <= EMAIL_MOST && email.normalize("NFC") === email;
  if (!isPlain || !/^[^\s@\p{C}]+@[^\s@\p{C}]+$/u.test(email)) {
    throw new AdapterError("forbidden", "the member has no e-mail address: put it into the site's token, as `email`");
  }
  return { member, email: email.toLowerCase() };
}
