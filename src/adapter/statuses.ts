import type { TicketStatus } from "../core/contract/adapter.ts";
import type { OptionCheck } from "./options.ts";

/** The desk's own names for each status. */
export interface StatusNames {
  readonly open: readonly string[];
  readonly awaiting: readonly string[];
  readonly resolved: readonly string[];
  readonly reopenTo: string;
}

/** Maps the desk's names, ignoring case. An unknown status is open, with the desk's own name. */
export interface StatusMap {
  of(name: string): TicketStatus;
  /** The desk's own name, if the settings have none for it. */
  label(name: string): string | undefined;
}

export function statusMap({ open, awaiting, resolved }: Omit<StatusNames, "reopenTo">): StatusMap {
  const has = (names: readonly string[], name: string) =>
    names.some((each) => each.toLowerCase() === name.toLowerCase());
  return {
    of(name) {
      if (has(awaiting, name)) return "awaiting";
      return has(resolved, name) ? "resolved" : "open";
    },
    label: (name) => (has([...open, ...awaiting, ...resolved], name) ? undefined : name),
  };
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
  check(twice === undefined, "statuses", `has "${twice}" twice: a status has one meaning`);
  check(open.includes(reopenTo), "statuses.reopenTo", "must be one of statuses.open");
}
