import type { Area, AreaAccess, Member } from "../core/contract/adapter.ts";
import type { AccessRule, Settings } from "./options.ts";
import { Problem } from "./problems.ts";

type Rules = Pick<Settings, "guests" | "ranks" | "rules">;

/** What the area is to this member, or to somebody without any token. */
export function accessTo(area: Area, member: Member | undefined, { guests, ranks, rules }: Rules): AreaAccess {
  const rule: AccessRule = rules[area];
  const signedIn = member !== undefined && member.guest !== true;
  const from = typeof rule === "object" ? { from: rule.from } : {};

  if (!signedIn) {
    return rule === "guests" && guests ? { allowed: true } : { allowed: false, reason: "sign-in", ...from };
  }
  if (typeof rule !== "object") return { allowed: true };
  const high = member.rank !== undefined && ranks.indexOf(member.rank) >= ranks.indexOf(rule.from);
  return high ? { allowed: true } : { allowed: false, reason: "rank", ...from };
}

/** As `requireAccess`, but somebody without a token may look where guests may: looking makes nobody a guest. */
export function requireLook(area: Area, member: Member | undefined, rules: Rules): void {
  if (member !== undefined || !accessTo(area, member, rules).allowed) requireAccess(area, member, rules);
}

/** Throws 401 for somebody without a token, 403 for a member whom the area is not open to. */
export function requireAccess(area: Area, member: Member | undefined, rules: Rules): Member {
  if (member === undefined) throw new Problem("unauthorized", "this needs a token: sign in, or ask for a guest's");
  const access = accessTo(area, member, rules);
  if (!access.allowed) {
    const from = access.from === undefined ? "" : `, from the rank "${access.from}" upward`;
    throw new Problem("forbidden", `${area} are open to signed-in members alone${from}`);
  }
  return member;
}
