import { defaultRates, type Rates } from "../../src/gateway/rate-limits.ts";

/** Only cases that set their own limits should reach one. */
export const unlimited = Object.fromEntries(
  Object.keys(defaultRates).map((name) => [name, { capacity: 999_999_999, refillMs: 1 }]),
) as unknown as Rates;
