import type { Adapter, Area, DeskState } from "../core/contract/adapter.ts";
import { isAdapterError } from "../core/contract/errors.ts";
import type { Metrics } from "./metrics.ts";

export interface ObservedDesk {
  /** The same adapter with counted and timed calls. Streams are counted where they are served. */
  readonly adapter: Adapter;
  /** The state of each available part: as the adapter reports it, otherwise by its last call. */
  readonly state: () => Partial<Record<Area, DeskState>>;
}

const areas = ["tickets", "chat"] as const satisfies readonly Area[];
const awayCodes = ["network", "timeout", "unavailable", "unauthorized"];

export function observed(adapter: Adapter, metrics: Metrics): ObservedDesk {
  const states = new Map<string, DeskState>();

  function count(call: string, outcome: string, seconds: number): void {
    metrics.call(call, outcome, seconds);
    const [part = ""] = call.split(".");
    if (outcome !== "aborted") states.set(part, awayCodes.includes(outcome) ? "away" : "reached");
  }

  return {
    state() {
      const told = toldBy(adapter);
      const known = areas.flatMap((area) =>
        adapter[area] === undefined ? [] : [[area, told?.[area] ?? states.get(area) ?? "unknown"] as const],
      );
      return Object.fromEntries(known);
    },
    // Not a spread, which loses the prototype's methods of a class instance.
    adapter: new Proxy(adapter, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value === "function") return (...given: readonly unknown[]) => Reflect.apply(value, target, given);
        return isPart(name) && typeof value === "object" && value !== null ? counted(name, value, count) : value;
      },
    }),
  };
}

/** An error in the adapter's `state()` must not make the copy unready. */
function toldBy(adapter: Adapter): ReturnType<NonNullable<Adapter["state"]>> | undefined {
  try {
    return adapter.state?.();
  } catch {
    return undefined;
  }
}

const isPart = (name: string | symbol): name is string =>
  typeof name === "string" && ["tickets", "chat", "uploads", "articles", "accounts"].includes(name);

/** Absent methods stay absent, as callers detect them by name. */
function counted<T extends object>(part: string, api: T, count: Metrics["call"]): T {
  return new Proxy(api, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== "function" || name === "events") return method;
      return async (...given: readonly unknown[]): Promise<unknown> => {
        const started = performance.now();
        let outcome = "ok";
        try {
          const answer: unknown = await Reflect.apply(method, target, given);
          return answer;
        } catch (error) {
          outcome = isAdapterError(error) ? error.code : "aborted";
          throw error;
        } finally {
          count(`${part}.${String(name)}`, outcome, (performance.now() - started) / 1000);
        }
      };
    },
  });
}
