import * as v from "valibot";
import { abortable } from "../../core/contract/abortable.ts";
import type { SharedStore } from "../shared-store.ts";
import { feedChannel } from "./feed-store.ts";

/** The open streams at this copy of the gateway. */
export interface Listeners {
  /** `onNews`: this person's log may have grown. Returns a function that unsubscribes. */
  add(key: string, onNews: () => void): () => void;
  /** Resolves with the feed's epoch, once the feed has started. */
  epoch(signal: AbortSignal): Promise<string>;
  dispose(): void;
}

const news = v.pipe(v.string(), v.parseJson(), v.object({ epoch: v.string(), keys: v.array(v.string()) }));

export function createListeners(feed: string, store: SharedStore): Listeners {
  const listening = new Map<string, Set<() => void>>();
  let epoch: string | undefined;
  let onBegun = (): void => undefined;
  const begun = new Promise<void>((resolve) => (onBegun = resolve));

  function begin(now: string): void {
    const isNew = epoch !== now;
    epoch = now;
    onBegun();
    // After a restart of the feed every log is void.
    if (isNew) tellAll();
  }
  function tellAll(): void {
    for (const those of listening.values()) for (const onNews of those) onNews();
  }
  async function readPlace(): Promise<void> {
    const place = await store.feeds.place(feed);
    if (place !== undefined) begin(place.epoch);
  }

  const unsubscribe = store.subscribe(
    feedChannel(feed),
    (text) => {
      const { epoch: now, keys } = v.parse(news, text);
      begin(now);
      for (const key of keys) for (const onNews of listening.get(key) ?? []) onNews();
    },
    () => {
      void readPlace().catch(() => undefined);
      tellAll();
    },
  );

  return {
    add(key, onNews) {
      const those = listening.get(key) ?? new Set();
      listening.set(key, those.add(onNews));
      return () => {
        those.delete(onNews);
        if (those.size === 0 && listening.get(key) === those) listening.delete(key);
      };
    },
    async epoch(signal) {
      if (epoch === undefined) await readPlace();
      await abortable(begun, signal);
      return epoch ?? "";
    },
    dispose: unsubscribe,
  };
}
