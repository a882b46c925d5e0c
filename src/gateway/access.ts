import type { Area, AreaAccess, Member } from "../core/contract/adapter.ts";
import type { AccessRule } from "./options.ts";
import type { Settings } from "./settings.ts";
import { Problem } from "./problems.ts";
import type { Caller } from "./tokens.ts";

type Rules = Pick<Settings, "guests" | "ranks" | "rules">;

/** The access to an area for this caller, or for a caller without a token. */
export function accessTo(area: Area, caller: Caller | undefined, { guests, ranks, rules }: Rules): AreaAccess {
  const rule: AccessRule = rules[area];
  const member = caller?.member;
  if (caller?.source === "chat-page" && area !== "chat") return { allowed: false, reason: "sign-in" };
  const signedIn = member !== undefined && member.guest !== true;
  const from = typeof rule === "object" ? { from: rule.from } : {};

  if (!signedIn) {
    return rule === "guests" && guests ? { allowed: true } : { allowed: false, reason: "sign-in", ...from };
  }
  if (typeof rule !== "object") return { allowed: true };
  const high = member.rank !== undefined && ranks.indexOf(member.rank) >= ranks.indexOf(rule.from);
  return high ? { allowed: true } : { allowed: false, reason: "rank", ...from };
}

/** Like `requireAccess`, but a caller without a token may look where guests may: looking creates no guest. */
export function requireLook(area: Area, caller: Caller | undefined, rules: Rules): void {
  if (caller !== undefined || !accessTo(area, caller, rules).allowed) requireAccess(area, caller, rules);
}

/** Throws 401 for a caller without a token, 403 for a member who may not use the area. */
export function requireAccess(area: Area, caller: Caller | undefined, rules: Rules): Member {
  if (caller === undefined)
    throw new Problem("unauthorized", "a token is required: sign in, or request one for a guest");
  const access = accessTo(area, caller, rules);
  if (!access.allowed) {
    if (caller.source === "chat-page" && area !== "chat")
      throw new Problem("forbidden", "this token is only valid for the chat");
    const from = access.from === undefined ? "" : `, from the rank "${access.from}" upward`;
    throw new Problem("forbidden", `${area} are open to signed-in members alone${from}`);
  }
  return caller.member;
}
