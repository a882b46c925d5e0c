import type { Member } from "../../src/core/contract/adapter.ts";
import { languageName } from "./time.ts";

interface Props {
  readonly member: Member;
  readonly locale: string;
  readonly memberNumber?: string | undefined;
}

export function MemberFacts({ locale, member, memberNumber }: Props) {
  return (
    <>
      <b>{member.name ?? "A guest"}</b>
      {member.rank !== undefined && <span class="chip">{member.rank}</span>}
      {member.guest && <span class="chip">Guest: not verified</span>}
      {memberNumber !== undefined && memberNumber !== "" && <span>Member ID {memberNumber}</span>}
      {member.email !== undefined && <span>{member.email}</span>}
      <span>Writes {languageName(locale)}</span>
    </>
  );
}
