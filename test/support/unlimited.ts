import { defaultRates, type Rates } from "../../src/gateway/rate-limits.ts";

/** No case meets a limit but those that set their own. */
export const unlimited = Object.fromEntries(
  Object.keys(defaultRates).map((name) => [name, { capacity: 999_999_999, refillMs: 1 }]),
) as unknown as Rates;
