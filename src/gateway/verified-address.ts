import type { Member } from "../core/contract/adapter.ts";

/** The address for mail to this member: never an unverified one. */
export function verifiedAddress(member: Member | undefined): string | undefined {
  return member?.guest === true ? undefined : member?.email;
}
