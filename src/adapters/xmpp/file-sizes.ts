import { AdapterError } from "../../core/contract/errors.ts";
import { transfer } from "./transfer.ts";

/** How many bytes a file at the upload service has. What stands there never changes. */
export interface FileSizes {
  /** Undefined: it has not been asked yet. */
  of(url: string): number | undefined;
  /** Asks once, unless the service has just not answered. Never rejects: a size that is not known counts as 0. */
  learn(url: string): Promise<void>;
}

/** A message waits as long for the size of its file, and so does what comes after it. */
const HEAD_MS = 2000;
/** A service that does not answer is not asked again for as long. */
const AWAY_MS = 10_000;
/** So many are asked at once. */
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
      // An answer, if not the one that was asked for.
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
