import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Adapter, TicketDraft, TicketsApi } from "../../../src/core/contract/adapter.ts";
import { withDeadline, withDeadlines } from "../../../src/core/delivery/deadlines.ts";
import { anasDesk, context } from "../../support/scope.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** As an outside author may write one: a class that uses `this`. */
class Desk implements TicketsApi {
  readonly asked: string[] = [];
  async create({ title }: TicketDraft): Promise<never> {
    this.asked.push(title);
    return await new Promise<never>(() => undefined);
  }
  async list() {
    return { items: [], total: this.asked.length };
  }
  async *events() {
    await new Promise((resolve) => setTimeout(resolve, 60_000));
    yield { type: "removed" as const, ticketId: "1", cursor: "1" };
  }
}
const draft: TicketDraft = { clientId: "a", title: "A title", text: "Text", locale: "en" };

test("a call that never answers is a time-out, and its signal aborts", async () => {
  const desk = new Desk();
  const create = vi.spyOn(desk, "create");
  const { tickets } = withDeadlines(Object.freeze<Adapter>({ name: "slow", tickets: desk }), 30_000);
  const failed = tickets?.create(draft, context()).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(29_000);
  expect(create.mock.calls[0]?.at(1)).toMatchObject({ signal: { aborted: false } });
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await failed).toMatchObject({ code: "timeout" });
  expect(create.mock.calls[0]?.at(1)).toMatchObject({ signal: { aborted: true } });
});

test("what answers is as it was, and a stream has no deadline", async () => {
  const desk = new Desk();
  const { tickets } = withDeadlines({ name: "slow", tickets: desk }, 30_000);
  void tickets?.create(draft, context()).catch(() => undefined);
  expect(await tickets?.list?.({ filter: "open" }, context())).toEqual({ items: [], total: 1 });
  expect(tickets?.reply).toBeUndefined();
  const first = tickets?.events?.(undefined, context())[Symbol.asyncIterator]().next();
  await vi.advanceTimersByTimeAsync(61_000);
  expect((await first)?.value).toMatchObject({ type: "removed" });
});

test("what a desk learns later, such as its limits, is seen", () => {
  let maxBytes = 1;
  const desk = anasDesk();
  const limited = {
    ...desk.uploads!,
    get limits() {
      return { maxBytes };
    },
  };
  const { uploads } = withDeadlines({ ...desk, uploads: limited }, 30_000);
  maxBytes = 2;
  expect(uploads?.limits).toEqual({ maxBytes: 2 });
});

test("nothing is called once the signal has aborted", async () => {
  let calls = 0;
  const call = async () => void (calls += 1);
  await expect(withDeadline(10, AbortSignal.abort(), call)).rejects.toThrow("aborted");
  expect(calls).toBe(0);
});
