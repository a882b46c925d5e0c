import type { Settings } from "./options.ts";

export interface UnknownStatus {
  /** Such as "statuses.awaiting". */
  readonly option: string;
  readonly name: string;
}

/**
 * The statuses that the options name and Redmine does not have. Of the names that stand there by default, some may be
 * missing, as long as each list has one.
 */
export function unknownStatuses(settings: Settings, existing: readonly string[]): readonly UnknownStatus[] {
  const { statuses, statusesGiven } = settings;
  const lists = (["open", "awaiting", "resolved"] as const).flatMap((kind) => {
    const missing = statuses[kind].filter((name) => !existing.includes(name));
    const isFault = statusesGiven || missing.length === statuses[kind].length;
    return isFault ? missing.map((name) => ({ option: `statuses.${kind}`, name })) : [];
  });
  const single = (["reopenTo", "resolveTo"] as const).flatMap((kind) => {
    const name = statuses[kind];
    const isToldAlready = lists.some((one) => one.name === name);
    return existing.includes(name) || isToldAlready ? [] : [{ option: `statuses.${kind}`, name }];
  });
  return [...lists, ...single];
}
