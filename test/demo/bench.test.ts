import { expect, test } from "vitest";
import { measure, type Plan } from "../bench/chat/bench.ts";
import { tableOf } from "../bench/chat/table.ts";

const plan: Plan = {
  steps: [1, 4],
  memoryFrom: 3,
  storms: [4],
  messagesPerSecond: 20,
  talkMs: 500,
  stormMs: 5000,
};

test("the load program measures every step, and its members receive everything once, with reconnects", async () => {
  const told: string[] = [];
  const figures = await measure(plan, [], (line) => void told.push(line));
  expect(figures).toMatchObject({ missed: 0, again: 0, unasked: 0 });
  expect(figures.steps).toMatchObject([
    { open: 1, messages: 10, perStream: undefined },
    { open: 4, messages: 10, perStream: { heap: expect.any(Number), rss: expect.any(Number) } },
  ]);
  expect(figures.storms).toEqual([{ cut: 4, backMs: expect.any(Number), messages: 100, missed: 0, again: 0 }]);
  expect(told).toHaveLength(3);
  expect(tableOf(figures)).toMatch(/^\| 4 \| 10 \| [\d.]+ ms \| [\d.]+ ms \| [\d.]+ ms \| \d+ % \|/m);
}, 60_000);
