import type { Adapter } from "../core/contract/adapter.ts";
import { isAdapterError } from "../core/contract/errors.ts";
import type { Metrics } from "./metrics.ts";

/** By the last call: "away" when the desk did not answer, or does not take the gateway's own account. */
export type DeskState = "unknown" | "reached" | "away";

export interface ObservedDesk {
  /** The same adapter, with each call counted and timed. Streams are counted where they are served. */
  readonly adapter: Adapter;
  readonly state: () => DeskState;
}

/** Who may sign in is the member's affair: `accounts` refuses by the same code as a desk that refuses the gateway. */
const awayCodes = ["network", "timeout", "unavailable", "unauthorized"];

export function observed(adapter: Adapter, metrics: Metrics): ObservedDesk {
  let state: DeskState = "unknown";

  function count(call: string, outcome: string, seconds: number): void {
    metrics.call(call, outcome, seconds);
    if (outcome !== "aborted" && !call.startsWith("accounts."))
      state = awayCodes.includes(outcome) ? "away" : "reached";
  }

  return {
    state: () => state,
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
