import { AdapterError } from "../../core/contract/errors.ts";
import { channel, type Sink } from "../../adapter/channel.ts";

/** Events in order. A cursor is the position of an event, counted from 1. */
export interface Log<E> {
  /** Returns its cursor. */
  append(event: E): string;
  /** Reaches open streams, and is not stored: typing. */
  tell(event: E): void;
  /** Matching events are no longer sent to anyone. Cursors do not change. */
  forget(fits: (event: E) => boolean): void;
  /** Matching events are replaced, at their own position. */
  rewrite(change: (event: E) => E): void;
  /** The cursor of the last event. */
  end(): string;
  /** The events after `cursor`, then new ones. Without one: from the start. */
  read(cursor: string | undefined, signal: AbortSignal): AsyncIterable<E>;
  listeners(): number;
}

export function createLog<E extends { readonly cursor?: string }>(): Log<E> {
  const entries: (E | undefined)[] = [];
  const sinks = new Set<Sink<E>>();

  function tell(event: E): void {
    for (const sink of sinks) sink.push(event);
  }

  return {
    append(event) {
      const entry = { ...event, cursor: String(entries.length + 1) };
      entries.push(entry);
      tell(entry);
      return entry.cursor;
    },
    tell,
    forget(fits) {
      for (const [index, entry] of entries.entries()) if (entry && fits(entry)) entries[index] = undefined;
    },
    rewrite(change) {
      for (const [index, entry] of entries.entries()) if (entry) entries[index] = change(entry);
    },
    end: () => String(entries.length),
    read(cursor, signal) {
      const after = cursor === undefined ? 0 : Number(cursor);
      if (!Number.isInteger(after) || after < 0 || after > entries.length) {
        throw new AdapterError("invalid", `"${cursor}" is not a cursor of this desk: start again without one`);
      }
      return channel<E>((sink) => {
        for (const entry of entries.slice(after)) if (entry) sink.push(entry);
        sinks.add(sink);
        return () => sinks.delete(sink);
      }, signal);
    },
    listeners: () => sinks.size,
  };
}
