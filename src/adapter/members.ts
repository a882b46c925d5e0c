import type { CallContext, Member } from "../core/contract/adapter.ts";
import { AdapterError } from "../core/contract/errors.ts";

export interface VerifiedMember {
  readonly member: Member;
  /** In lower case. */
  readonly email: string;
}

/** The maximum of RFC 5321. */
const EMAIL_MOST = 254;

/**
 * The caller, at a desk that knows people by their e-mail. Rejects with `unauthorized` without a member, with
 * `forbidden` for a guest, and for a member without an address.
 */
export function verifiedMember({ signal, member }: CallContext): VerifiedMember {
  signal.throwIfAborted();
  return verifiedEmail(member);
}

/** Like `verifiedMember`: for `people.key`. */
export function verifiedEmail(member: Member | undefined): VerifiedMember {
  if (member === undefined) throw new AdapterError("unauthorized", "the context has no member");
  if (member.guest === true) {
    const message = 'a guest\'s address is unverified: set access.tickets of the gateway to "members"';
    throw new AdapterError("forbidden", message);
  }
  const { email = "" } = member;
  // In lower case, a Kelvin sign becomes "k": an address must not become another person's because it looks alike.
  const isPlain = email.length <= EMAIL_MOST && email.normalize("NFC") === email;
  if (!isPlain || !/^[^\s@\p{C}]+@[^\s@\p{C}]+$/u.test(email)) {
    throw new AdapterError("forbidden", "the member has no e-mail address: add it to the site's token, as `email`");
  }
  return { member, email: email.toLowerCase() };
}
