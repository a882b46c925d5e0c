import { AdapterError } from "../../core/contract/errors.ts";
import { transfer } from "./transfer.ts";

/** The size of a file at the upload service. A stored file never changes. */
export interface FileSizes {
  /** Undefined: not requested yet. */
  of(url: string): number | undefined;
  /** Requests it once, unless the service has just failed to answer. Never rejects: an unknown size counts as 0. */
  learn(url: string): Promise<void>;
}

/** The maximum time that a message, and the messages after it, wait for the size of its file. */
const HEAD_MS = 2000;
/** A service that does not answer is not called again for this time. */
const AWAY_MS = 10_000;
/** The number of concurrent requests. */
const AT_ONCE = 6;
const KNOWN_MAX = 5000;

export function createFileSizes(): FileSizes {
  const sizes = new Map<string, number>();
  const asking = new Map<string, Promise<void>>();
  const waiting: (() => void)[] = [];
  let [running, awayUntil] = [0, 0];

  async function ask(url: string): Promise<void> {
    if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
    running += 1;
    try {
      if (performance.now() < awayUntil) return;
      const head = await transfer(url, { method: "HEAD", signal: AbortSignal.timeout(HEAD_MS) });
      keep(url, Number(head.headers.get("Content-Length") ?? 0));
    } catch (error) {
      // An answer, if not the expected one.
      if (error instanceof AdapterError && error.retryAfterMs === undefined) keep(url, 0);
      else awayUntil = performance.now() + AWAY_MS;
    } finally {
      running -= 1;
      asking.delete(url);
      waiting.shift()?.();
    }
  }

  function keep(url: string, bytes: number): void {
    sizes.set(url, Number.isSafeInteger(bytes) && bytes > 0 ? bytes : 0);
    for (const oldest of sizes.keys()) {
      if (sizes.size <= KNOWN_MAX) break;
      sizes.delete(oldest);
    }
  }

  return {
    of: (url) => sizes.get(url),
    async learn(url) {
      if (sizes.has(url)) return;
      const asked = asking.get(url) ?? ask(url);
      asking.set(url, asked);
      await asked;
    },
  };
}
