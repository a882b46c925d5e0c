import type { Adapter, Area, DeskState } from "../core/contract/adapter.ts";
import { isAdapterError } from "../core/contract/errors.ts";
import type { Metrics } from "./metrics.ts";

export interface ObservedDesk {
  /** The same adapter, with each call counted and timed. Streams are counted where they are served. */
  readonly adapter: Adapter;
  /** Of each part that it has: what the adapter says itself, otherwise by the last call. */
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
    // An adapter may be an instance of a class: what its prototype has is not copied by a spread.
    adapter: new Proxy(adapter, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value === "function") return (...given: readonly unknown[]) => Reflect.apply(value, target, given);
        return isPart(name) && typeof value === "object" && value !== null ? counted(name, value, count) : value;
      },
    }),
  };
}

/** An adapter's own fault is no reason to take the copy out of the balance. */
function toldBy(adapter: Adapter): ReturnType<NonNullable<Adapter["state"]>> | undefined {
  try {
    return adapter.state?.();
  } catch {
    return undefined;
  }
}

const isPart = (name: string | symbol): name is string =>
  typeof name === "string" && ["tickets", "chat", "uploads", "accounts"].includes(name);

/** A method that is absent stays so: it is asked for by its name. */
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
