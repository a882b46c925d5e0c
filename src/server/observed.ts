import type { Adapter } from "../core/contract/adapter.ts";
import { isAdapterError } from "../core/contract/errors.ts";
import type { Metrics } from "./metrics.ts";

/** The same adapter, with each call counted and timed. Streams are counted where they are served. */
export function observed(adapter: Adapter, metrics: Metrics): Adapter {
  const { accounts, chat, tickets, uploads } = adapter;
  return {
    ...adapter,
    ...(tickets ? { tickets: counted("tickets", tickets, metrics) } : {}),
    ...(chat ? { chat: counted("chat", chat, metrics) } : {}),
    ...(uploads ? { uploads: counted("uploads", uploads, metrics) } : {}),
    ...(accounts ? { accounts: counted("accounts", accounts, metrics) } : {}),
  };
}

/** A method that is absent stays so: it is asked for by its name. */
function counted<T extends object>(part: string, api: T, metrics: Metrics): T {
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
          metrics.call(`${part}.${String(name)}`, outcome, (performance.now() - started) / 1000);
        }
      };
    },
  });
}
