import { expect } from "vitest";
import type { Adapter, CallContext, TicketsApi, UploadsApi } from "../../src/core/contract/adapter.ts";

/** Asks, in every way that there is, for what is written like the ticket's id, or leads elsewhere in a path: none is there. */
export async function expectOddIdsAbsent(
  adapter: Adapter & { readonly tickets: Required<TicketsApi>; readonly uploads: Required<UploadsApi> },
  id: string,
  ctx: CallContext,
): Promise<void> {
  const { tickets, uploads } = adapter;
  const odd = [
    "../users/1",
    "1%2f..",
    `${id}.json`,
    ` ${id}`,
    `0${id}`,
    `${id}\n`,
    "1e3",
    "٣",
    "1 OR 1=1",
    "9".repeat(30),
  ];
  for (const each of odd) {
    const calls = [
      tickets.get(each, ctx),
      tickets.thread(each, undefined, ctx),
      tickets.reply(each, { clientId: crypto.randomUUID(), text: "x" }, ctx),
      tickets.setStatus(each, "resolved", ctx),
      uploads.download(each, ctx),
      uploads.download(`${each}-1`, ctx),
    ];
    for (const outcome of await Promise.allSettled(calls)) {
      expect(outcome).toMatchObject({ reason: { code: "not-found" } });
    }
  }
}
