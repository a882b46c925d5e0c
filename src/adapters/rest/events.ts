import type * as v from "valibot";
import type { StreamContext } from "../../core/contract/adapter.ts";
import { AdapterError } from "../../core/contract/errors.ts";
import { positionEvent } from "../../protocol/data.ts";
import { HEARTBEAT_MS } from "../../protocol/limits.ts";
import type { Client } from "./client.ts";
import { check, errorOfProblem, misplaced, timed } from "./errors.ts";
import { createEventReader, type StreamEvent } from "./event-stream.ts";

/** Two heartbeats and some slack for a slow link. */
const SILENCE_MS = 2 * HEARTBEAT_MS + 5000;

/** A schema that lists its `type`s. */
interface EventSchema<E> extends v.GenericSchema<unknown, E> {
  readonly options: readonly { readonly entries: { readonly type: { readonly literal: string } } }[];
}

/**
 * Server-sent events, read with fetch. Returns when `ctx.signal` aborts; throws `network` when the connection is dead.
 * Unknown event types come from a newer gateway, and are skipped.
 */
export async function* streamEvents<E>(
  client: Client,
  path: string,
  schema: EventSchema<E>,
  cursor: string | undefined,
  ctx: StreamContext,
): AsyncGenerator<E, void, undefined> {
  if (ctx.signal.aborted) return;
  const known = new Set(schema.options.map((option) => option.entries.type.literal));
  const hangUp = new AbortController();
  try {
    for await (const message of messages(client, path, cursor, ctx, hangUp.signal)) {
      if (message.event === "problem") throw errorOfProblem(message.data);
      if (message.event === "position") ctx.onPosition?.(check(message.data, positionEvent, path).cursor);
      if (known.has(message.event)) yield check(message.data, schema, path);
    }
  } catch (error) {
    // Stopping is not a failure.
    if (!ctx.signal.aborted) throw error;
  } finally {
    hangUp.abort();
  }
}

async function* messages(
  client: Client,
  path: string,
  cursor: string | undefined,
  ctx: StreamContext,
  signal: AbortSignal,
): AsyncGenerator<StreamEvent, void, undefined> {
  const headers = { Accept: "text/event-stream", ...(cursor === undefined ? {} : { "Last-Event-ID": cursor }) };
  const response = await client.open({ method: "GET", path, headers }, ctx, signal);
  if (response.status === 204 || response.body === null) {
    throw new AdapterError("unavailable", `${path} has no events now`);
  }
  if (!/^text\/event-stream\b/i.test(response.headers.get("Content-Type") ?? "")) throw misplaced(response);

  const eventsIn = createEventReader();
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one read after the other
    const chunk = await nextChunk(reader, ctx.signal);
    if (chunk === undefined) return;
    // The gateway writes at once. A buffering proxy passes on the headers, but none of the body.
    ctx.onConnected?.();
    yield* eventsIn(decoder.decode(chunk, { stream: true }));
  }
}

async function nextChunk(reader: ReadableStreamDefaultReader<Uint8Array>, signal: AbortSignal) {
  const { value } = await timed(signal, SILENCE_MS, async (limited) => {
    return await new Promise<ReadableStreamReadResult<Uint8Array>>((resolve, reject) => {
      const silent = (): void => reject(new AdapterError("network", `the stream was silent for ${SILENCE_MS} ms`));
      limited.addEventListener("abort", silent, { once: true });
      void reader
        .read()
        .then(resolve, reject)
        .finally(() => limited.removeEventListener("abort", silent));
    });
  });
  return value;
}
