import { AdapterError, isAdapterError, type AdapterErrorCode } from "../../../src/index.ts";

export interface MarmotOptions {
  /** Such as "https://marmot.example.org". */
  readonly url: string;
  readonly key: string;
  /** The polling interval, in ms. @default 5000 */
  readonly pollMs?: number;
}

interface Init {
  readonly method: "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body: BodyInit;
}

export interface Api {
  get<T>(path: string, query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<T>;
  post<T>(path: string, body: object, signal: AbortSignal): Promise<T>;
  call<T>(path: string, init: Partial<Init>, signal: AbortSignal, read: (answer: Response) => Promise<T>): Promise<T>;
}

const CALL_MS = 20_000;
// A wrong key is not among them: it is the gateway's, and no member can correct it.
const codes: Readonly<Record<number, AdapterErrorCode>> = {
  404: "not-found",
  413: "too-large",
  422: "invalid",
  429: "rate-limited",
};

export function connect({ url, key }: MarmotOptions): Api {
  async function call<T>(
    path: string,
    init: Partial<Init>,
    signal: AbortSignal,
    read: (answer: Response) => Promise<T>,
  ): Promise<T> {
    const late = AbortSignal.timeout(CALL_MS);
    const headers = { ...init.headers, "Marmot-Key": key };
    // Following a redirect could send the key to another server.
    const request = { ...init, headers, redirect: "error", signal: AbortSignal.any([signal, late]) } as const;
    try {
      const answer = await fetch(url + path, request);
      if (!answer.ok) throw refusal(path, answer);
      return await read(answer);
    } catch (cause) {
      signal.throwIfAborted();
      if (isAdapterError(cause)) throw cause;
      if (late.aborted) throw new AdapterError("timeout", `Marmot gave no answer within ${CALL_MS} ms`, { cause });
      throw new AdapterError("unavailable", `Marmot cannot be reached at ${url}`, { cause });
    }
  }

  return {
    call,
    get: async (path, query, signal) =>
      await call(`${path}?${new URLSearchParams(query)}`, {}, signal, async (answer) => await answer.json()),
    async post(path, body, signal) {
      const headers = { "Content-Type": "application/json" };
      const init = { method: "POST", headers, body: JSON.stringify(body) } as const;
      return await call(path, init, signal, async (answer) => await answer.json());
    },
  };
}

function refusal(path: string, { status, headers }: Response): AdapterError {
  const wait = Number(headers.get("Retry-After") ?? Number.NaN);
  const message = status === 401 ? "Marmot does not accept this key" : `Marmot answered ${path} with ${status}`;
  return new AdapterError(codes[status] ?? "unavailable", message, wait > 0 ? { retryAfterMs: wait * 1000 } : {});
}
