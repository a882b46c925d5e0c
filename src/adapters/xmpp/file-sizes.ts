import { transfer } from "./transfer.ts";

/** How many bytes a file at the upload service has. What stands there never changes. */
export interface FileSizes {
  /** Undefined: it has not been asked yet. */
  of(url: string): number | undefined;
  /** Asks once. Never rejects: of what does not answer the size is 0. */
  learn(url: string): Promise<void>;
}

const HEAD_MS = 5000;
/** So many are asked at once. */
const AT_ONCE = 6;
const KNOWN_MAX = 5000;

export function createFileSizes(): FileSizes {
  const sizes = new Map<string, number>();
  const asking = new Map<string, Promise<void>>();
  const waiting: (() => void)[] = [];
  let running = 0;

  async function ask(url: string): Promise<void> {
    if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
    running += 1;
    try {
      const head = await transfer(url, { method: "HEAD", signal: AbortSignal.timeout(HEAD_MS) });
      keep(url, Number(head.headers.get("Content-Length") ?? 0));
    } catch {
      keep(url, 0);
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
