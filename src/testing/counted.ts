import { expect } from "vitest";
import type { Adapter } from "../core/contract/adapter.ts";

/** The adapter, and how many of its streams stand: from the moment that one is connected until it has ended. */
export function counted(adapter: Adapter): { readonly adapter: Adapter; readonly listeners: () => number } {
  let standing = 0;
  const { tickets } = adapter;
  const events = tickets?.events;
  if (!tickets || !events) return expect.fail("the adapter has no events");
  return {
    listeners: () => standing,
    adapter: {
      ...adapter,
      tickets: {
        ...tickets,
        async *events(cursor, ctx) {
          let counts = 0;
          const onConnected = (): void => {
            counts = 1;
            standing += 1;
            ctx.onConnected?.();
          };
          try {
            yield* events(cursor, { ...ctx, onConnected });
          } finally {
            standing -= counts;
          }
        },
      },
    },
  };
}
