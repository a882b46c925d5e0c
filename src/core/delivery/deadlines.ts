import { abortable } from "../contract/abortable.ts";
import type { Adapter, CallContext } from "../contract/adapter.ts";
import { AdapterError } from "../contract/errors.ts";

/**
 * Rejects with `timeout` when `run` takes longer, with the signal's reason when that aborts; then `run`'s signal
 * aborts.
 */
export async function withDeadline<T>(
  ms: number,
  signal: AbortSignal,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(new AdapterError("timeout", `no answer within ${ms} ms`)), ms);
  const limited = AbortSignal.any([signal, over.signal]);
  try {
    return await abortable(run(limited), limited);
  } finally {
    clearTimeout(timer);
    over.abort();
  }
}

/** Uploads and streams have no time limit. */
const unbounded = new Set<string>(["events", "upload", "download"]);

/**
 * The same adapter, whose calls reject with `timeout` after `ms`: for an adapter that runs in the page, and may be
 * anyone's code. One over a network has deadlines of its own.
 */
export function withDeadlines(adapter: Adapter, ms: number): Adapter {
  const parts = (["tickets", "chat", "uploads", "articles", "accounts", "session"] as const).flatMap((name) => {
    const part = adapter[name];
    return part ? [[name, bounded(part, ms)]] : [];
  });
  return { ...adapter, name: adapter.name, dispose: () => adapter.dispose?.(), ...Object.fromEntries(parts) };
}

/** An object of the same shape: including a class's methods, which keep their `this`. */
function bounded(part: object, ms: number): object {
  const made = {};
  for (const name of namesOf(part)) {
    const member: unknown = Reflect.get(part, name);
    const get = () => Reflect.get(part, name) as unknown;
    const bound = typeof member === "function" && callable(part, member, unbounded.has(name) ? undefined : ms);
    Object.defineProperty(made, name, { enumerable: true, get: bound ? () => bound : get });
  }
  return made;
}

function callable(part: object, method: Function, ms: number | undefined) {
  return (...args: readonly unknown[]) => {
    const call = (...given: readonly unknown[]): unknown => Reflect.apply(method, part, given);
    const ctx = args.at(-1);
    if (ms === undefined || !isContext(ctx)) return call(...args);
    return withDeadline(ms, ctx.signal, async (signal) => await call(...args.slice(0, -1), { ...ctx, signal }));
  };
}

function namesOf(part: object): readonly string[] {
  const names = new Set<string>();
  for (let at: object | null = part; at && at !== Object.prototype; at = Reflect.getPrototypeOf(at))
    for (const name of Object.getOwnPropertyNames(at)) if (name !== "constructor") names.add(name);
  return [...names];
}

const isContext = (value: unknown): value is CallContext =>
  typeof value === "object" && value !== null && "signal" in value && value.signal instanceof AbortSignal;
