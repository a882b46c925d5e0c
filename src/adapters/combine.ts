import type { Adapter } from "../core/adapter.ts";

export interface CombineOptions {
  /** @default the names of the adapters, joined with "-" */
  readonly name?: string;
  readonly tickets?: Adapter;
  readonly chat?: Adapter;
  readonly uploads?: Adapter;
  readonly accounts?: Adapter;
  readonly session?: Adapter;
}

const parts = ["tickets", "chat", "uploads", "accounts", "session"] as const;

/**
 * One adapter out of several: each part from the adapter given for it. Throws when that adapter does not have the part.
 * Its `dispose` disposes of each adapter once, also of one given twice.
 */
export function combine(options: CombineOptions): Adapter {
  const adapters = new Set(parts.flatMap((part) => options[part] ?? []));
  const chosen = Object.fromEntries(parts.flatMap((part) => pick(options, part)));
  let disposing: Promise<void> | undefined;

  return {
    ...chosen,
    name: options.name ?? Array.from(adapters, (adapter) => adapter.name).join("-"),
    dispose: () => (disposing ??= disposeAll(adapters)),
  };
}

function pick(options: CombineOptions, part: (typeof parts)[number]): readonly (readonly [string, unknown])[] {
  const adapter = options[part];
  if (adapter === undefined) return [];
  if (adapter[part] === undefined) throw new TypeError(`combine: the adapter "${adapter.name}" has no ${part}`);
  return [[part, adapter[part]]];
}

/** One adapter's failure keeps no other from being disposed of. */
async function disposeAll(adapters: ReadonlySet<Adapter>): Promise<void> {
  const settled = await Promise.allSettled(Array.from(adapters, async (adapter) => await adapter.dispose?.()));
  const errors: unknown[] = settled.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
  if (errors.length > 0) throw new AggregateError(errors, "combine: not every adapter could be disposed of");
}
