import { expect, test } from "vitest";
import type { TicketEvent } from "../../src/core/contract/adapter.ts";
import { createListener } from "../../src/adapters/redmine/listener.ts";
import type { OwnIssue } from "../../src/adapters/redmine/issues.ts";

const at = (second: number) => new Date((1_800_000_000 + second) * 1000).toISOString();

/** An issue whose steps were at these seconds, by their journals' ids. */
function issueWith(id: number, journals: Readonly<Record<number, number>>): OwnIssue {
  const times = Object.entries(journals);
  const steps = times.map(([journal, second]) => ({
    key: `j${journal}`,
    at: at(second),
    by: "agent" as const,
    messages: [{ id: `j${journal}`, author: { id: "6", role: "agent" as const }, text: journal, at: at(second) }],
  }));
  const updated = at(Math.max(...Object.values(journals)));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what a listener looks at
  return { issue: { id, updated_on: updated }, steps, ticket: { id: String(id) } } as unknown as OwnIssue;
}

function listener(cursor?: string) {
  const events: TicketEvent[] = [];
  return { events, ...createListener(cursor, (event) => events.push(event)) };
}
const texts = (events: readonly TicketEvent[]) =>
  events.flatMap((event) => (event.type === "message" ? [event.message.text] : []));

test("what was told in the middle of a batch is not told again by whoever goes on from there", () => {
  const first = listener();
  first.take([issueWith(1, { 1: 0 })], true);
  first.take([issueWith(1, { 1: 0, 5: 50 }), issueWith(2, { 3: 9, 6: 55 })]);
  expect(texts(first.events)).toEqual(["5", "3", "6"]);
  const resumed = listener(first.events[0]?.cursor);
  resumed.take([issueWith(1, { 1: 0, 5: 50 }), issueWith(2, { 3: 9, 6: 55 })]);
  expect(texts(resumed.events)).toEqual(["3", "6"]);
  resumed.take([issueWith(1, { 1: 0, 5: 50, 7: 56 })]);
  expect(texts(resumed.events)).toEqual(["3", "6", "7"]);
});

test("what is whole only after something later is told all the same", () => {
  const live = listener();
  live.take([issueWith(1, { 1: 0 })], true);
  live.take([issueWith(2, { 9: 60 })]);
  live.take([issueWith(3, { 8: 55 })]);
  expect(texts(live.events)).toEqual(["9", "8"]);
});

test("a batch of any size is told, and leaves a cursor of a bounded length", () => {
  const live = listener();
  live.know(Array.from({ length: 500 }, (_, index) => 100_000_000 + index));
  live.take(Array.from({ length: 300 }, (_, index) => issueWith(index + 1, { [100_000_000 + index]: 60 })));
  live.take([issueWith(400, { 200_000_000: 600 })]);
  live.take([issueWith(401, { 200_000_001: 601 })]);
  expect(texts(live.events)).toHaveLength(302);
  const lengths = live.events.map(({ cursor = "" }) => cursor.length);
  expect(Math.max(...lengths)).toBeLessThan(1200);
  expect(live.events.at(-1)?.cursor).toBeDefined();
});
