import { clientId } from "../../core/delivery/client-id.ts";
import type { PodporaEvents } from "../../core/events.ts";
import { complain } from "../page/log.ts";

export type EventName = keyof PodporaEvents;

/** What a listener gets, and what `window` gets as the `detail` of `podpora:<type>`. */
export interface PodporaEvent<Name extends EventName = EventName> {
  readonly id: string;
  readonly type: Name;
  readonly at: string;
  readonly data: PodporaEvents[Name];
}

export type Listener<Name extends EventName> = (event: PodporaEvent<Name>) => void;

export interface Emitter {
  emit<Name extends EventName>(type: Name, data: PodporaEvents[Name]): void;
  /** Gives its undo. */
  on<Name extends EventName>(type: Name, listener: Listener<Name>): () => void;
  off<Name extends EventName>(type: Name, listener: Listener<Name>): void;
  clear(): void;
}

export function createEmitter(): Emitter {
  const listeners = new Map<EventName, Set<(event: never) => void>>();
  return {
    emit(type, data) {
      const event = { id: clientId(), type, at: new Date().toISOString(), data };
      for (const listener of listeners.get(type) ?? []) {
        try {
          listener(event as never);
        } catch (error) {
          complain(`a listener for "${type}" threw`, error);
        }
      }
      window.dispatchEvent(new CustomEvent(`podpora:${type}`, { detail: event }));
    },
    on(type, listener) {
      const set = listeners.get(type) ?? new Set();
      listeners.set(type, set.add(listener));
      return () => void set.delete(listener);
    },
    off(type, listener) {
      listeners.get(type)?.delete(listener);
    },
    clear() {
      listeners.clear();
    },
  };
}
