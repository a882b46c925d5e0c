import { AdapterError, isAdapterError, isRetryable, type AdapterErrorCode } from "../core/contract/errors.ts";
import { limits } from "./limits.ts";
import { retryAfterMs } from "../core/contract/retry-after.ts";

/** Reads a desk's answer of unknown length. Rejects with `too-large` when it is longer, without reading the rest. */
export async function readText(response: Response, most: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of chunksOf(response, most)) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}

/** Like `readText`, in the chunks in which it arrived. */
export async function readBytes(response: Response, most: number): Promise<readonly Uint8Array<ArrayBuffer>[]> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for await (const chunk of chunksOf(response, most)) pieces.push(chunk);
  return pieces;
}

/** The beginning of the desk's answer to a refused call. */
async function readRefusal(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let left: number = limits.REFUSAL_BYTES;
  for await (const chunk of chunksOf(response, Infinity)) {
    text += decoder.decode(chunk.subarray(0, left), { stream: true });
    left -= chunk.length;
    if (left <= 0) break;
  }
  return text;
}

async function* chunksOf(response: Response, most: number): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const reader = response.body?.getReader();
  if (!reader) return;
  let length = 0;
  try {
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other, as they come
      const { done, value } = await reader.read();
      if (done) return;
      length += value.length;
      if (length > most) throw new AdapterError("too-large", `the desk's answer has more than ${most} bytes`);
      yield value;
    }
  } finally {
    // Does nothing if the answer was read to its end.
    reader.cancel().catch(() => undefined);
  }
}

/** Whether JSON is nested no deeper than that: deeper JSON takes far more memory than its text. In linear time. */
export function isShallow(text: string, most: number = limits.ANSWER_DEPTH): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '"') at = endOfString(text, at);
    else if (char === "[" || char === "{") depth += 1;
    else if (char === "]" || char === "}") depth -= 1;
    if (depth > most) return false;
  }
  return true;
}

function endOfString(text: string, start: number): number {
  for (let at = start; ;) {
    at = text.indexOf('"', at + 1);
    if (at === -1) return text.length;
    let before = at - 1;
    while (text[before] === "\\") before -= 1;
    if ((at - before) % 2 === 1) return at;
  }
}

/** What a desk answered instead of the expected result: the `cause` of the AdapterError. */
export interface Refusal {
  readonly status: number;
  readonly body: string;
}

const codes: Readonly<Record<number, AdapterErrorCode>> = {
  // The desk refuses the gateway's own token: the member cannot fix that by signing in.
  401: "unavailable",
  403: "forbidden",
  404: "not-found",
  408: "timeout",
  413: "too-large",
  400: "invalid",
  415: "invalid",
  422: "invalid",
  429: "rate-limited",
};

/** `asked` is for the message, such as "GET /issues.json". */
export async function refusalOf(desk: string, asked: string, response: Response): Promise<AdapterError> {
  const { status, headers } = response;
  const cause: Refusal = { status, body: await readRefusal(response) };
  if (status >= 300 && status < 400) {
    return new AdapterError("unavailable", `${desk} redirected ${asked}: is its API on, and the address right?`, {
      cause,
    });
  }
  return refusalError(desk, asked, cause, retryAfterMs(headers.get("Retry-After"), Date.now()));
}

/** The error for a refusal, with the code of its status. `after` is in ms. */
export function refusalError(desk: string, asked: string, cause: Refusal, after?: number): AdapterError {
  const { status } = cause;
  if (status === 401) return new AdapterError("unavailable", `${desk} refuses the gateway's token`, { cause });
  return new AdapterError(codes[status] ?? "unavailable", `${desk} answered ${asked} with ${status}`, {
    cause,
    ...(after === undefined ? {} : { retryAfterMs: after }),
  });
}

/** The status that the desk refused with, if that is the cause. */
export function statusOf(error: unknown): number | undefined {
  return isAdapterError(error) && isRefusal(error.cause) ? error.cause.status : undefined;
}

/** The text of the desk's refusal. */
export function answerOf(error: unknown): string {
  return isAdapterError(error) && isRefusal(error.cause) ? error.cause.body : "";
}

/** Whether the desk is failing or overloaded, as opposed to refusing this one call. */
export function isDeskAway(error: unknown): boolean {
  const status = statusOf(error);
  return isRetryable(error) && (status === undefined || status >= 500 || status === 429);
}

function isRefusal(cause: unknown): cause is Refusal {
  return typeof cause === "object" && cause !== null && "status" in cause && "body" in cause;
}
