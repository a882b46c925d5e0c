import type { Member } from "../core/contract/adapter.ts";

/** Where mail to this member may go: never to an address that somebody has only typed. */
export function verifiedAddress(member: Member | undefined): string | undefined {
  return member?.guest === true ? undefined : member?.email;
}
