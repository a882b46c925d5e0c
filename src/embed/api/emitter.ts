import { toJson } from "../../core/contract/json.ts";
import { clientId } from "../../core/delivery/client-id.ts";
import type { PodporaEvents } from "../../core/events.ts";
import type { EventName, Listener } from "../../loader/handle.ts";
import { warn } from "../../loader/log.ts";
import { eventNames } from "./event-names.ts";

export interface Emitter {
  emit<Name extends EventName>(type: Name, data: PodporaEvents[Name]): void;
  /** Returns a function that removes the listener. */
  on<Name extends EventName>(type: Name, listener: Listener<Name>): () => void;
  once<Name extends EventName>(type: Name, listener: Listener<Name>): () => void;
  /** Removes the listener, whether `on` or `once` added it. */
  off<Name extends EventName>(type: Name, listener: Listener<Name>): void;
  /** From now on nothing is emitted, not on `window` either. */
  close(): void;
}

interface Entry {
  readonly listener: (event: never) => void;
  readonly isOnce: boolean;
}

export function createEmitter(): Emitter {
  const listeners = new Map<EventName, Set<Entry>>();
  let isClosed = false;

  function add(type: EventName, entry: Entry) {
    if (!eventNames.includes(type)) warn(`there is no event ${toJson(type)}; use ${eventNames.join(", ")}`);
    const entries = listeners.get(type) ?? new Set();
    listeners.set(type, entries.add(entry));
    return () => void entries.delete(entry);
  }

  return {
    emit(type, data) {
      if (isClosed) return;
      const event = { id: clientId(), type, at: new Date().toISOString(), data };
      const entries = listeners.get(type) ?? new Set();
      for (const entry of Array.from(entries)) {
        // An earlier listener may have removed it.
        if (!entries.has(entry)) continue;
        if (entry.isOnce) entries.delete(entry);
        try {
          entry.listener(event as never);
        } catch (error) {
          warn(`a listener for "${type}" threw`, error);
        }
      }
      if (!isClosed) window.dispatchEvent(new CustomEvent(`podpora:${type}`, { detail: event }));
    },
    on: (type, listener) => add(type, { listener, isOnce: false }),
    once: (type, listener) => add(type, { listener, isOnce: true }),
    off(type, listener) {
      const entries = listeners.get(type);
      for (const entry of entries ?? []) if (entry.listener === listener) entries?.delete(entry);
    },
    close() {
      isClosed = true;
      for (const entries of listeners.values()) entries.clear();
    },
  };
}
