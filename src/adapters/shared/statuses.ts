import type { OptionCheck } from "./option-check.ts";

/** The desk's own names, and what each means to a member. */
export interface StatusNames {
  readonly open: readonly string[];
  readonly awaiting: readonly string[];
  readonly resolved: readonly string[];
  readonly reopenTo: string;
}

export function checkStatuses(check: OptionCheck, { open, awaiting, resolved, reopenTo }: StatusNames): void {
  const all = [...open, ...awaiting, ...resolved];
  check(open.length > 0, "statuses.open", "must name at least one status");
  check(resolved.length > 0, "statuses.resolved", "must name at least one status");
  check(
    all.every((name) => /\S/.test(name)),
    "statuses",
    "must be names of statuses",
  );
  const twice = all.find((name, index) => all.indexOf(name) !== index);
  check(twice === undefined, "statuses", `has "${twice}" twice: a status means one thing`);
  check(open.includes(reopenTo), "statuses.reopenTo", "must be one of statuses.open");
}
