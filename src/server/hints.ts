import type { Log } from "./log.ts";

/** Warnings about requests that suggest a misconfiguration. Each is logged once. */
export interface Hints {
  /** `isAllowed`: CORS lets the calling page read the response. */
  look(request: Request, isAllowed: boolean): void;
}

export interface HintsOptions {
  readonly proxies: number;
  readonly publicOrigin: string | undefined;
  readonly log: Log;
}

/** A limit, as clients can send any origin. */
const MOST_ORIGINS = 20;

export function createHints({ log, proxies, publicOrigin }: HintsOptions): Hints {
  const origins = new Set<string>();
  let isProxyTold = proxies > 0;

  return {
    look({ headers, url }, isAllowed) {
      if (!isProxyTold && (headers.has("X-Forwarded-For") || headers.has("Forwarded"))) {
        isProxyTold = true;
        log.warn(
          { option: "proxies" },
          "a proxy was detected: without proxies: 1 and publicOrigin all callers share one address, and its limits",
        );
      }
      const origin = headers.get("Origin");
      if (origin === null || isAllowed || origins.size >= MOST_ORIGINS || origins.has(origin)) return;
      if (origin === (publicOrigin ?? new URL(url).origin)) return;
      const isPlain = origin.length <= 200 && URL.canParse(origin) && new URL(origin).origin === origin;
      if (!isPlain) return;
      origins.add(origin);
      log.warn(
        { option: "origins", origin },
        "a page of this origin asked and may not read the answer: is it a page of yours?",
      );
    },
  };
}
