import { expect, test } from "vitest";
import { createTimeline } from "../../../src/core/chat/chat-timeline.ts";
import type { Message } from "../../../src/core/contract/adapter.ts";

const said = (id: string, text: string): Message => ({
  id,
  text,
  author: { id: "nina", role: "agent" },
  at: "2026-11-23T10:00:00.000Z",
});
const texts = (timeline: ReturnType<typeof createTimeline>) => timeline.messages.value.map(({ text }) => text);

test("a message that comes again reads as it reads now, in its own place, and is no news", () => {
  const timeline = createTimeline();
  expect([timeline.take(said("1", "Restrat it")), timeline.take(said("2", "Bye"))]).toEqual([true, true]);
  expect(timeline.take(said("1", "Restart it"))).toBe(false);
  expect(texts(timeline)).toEqual(["Restart it", "Bye"]);
});

test("the same message again changes nothing", () => {
  const timeline = createTimeline();
  timeline.take(said("1", "Hi"));
  const before = timeline.messages.value;
  timeline.take(said("1", "Hi"));
  expect(timeline.messages.value).toBe(before);
});

test("a message that was taken back is gone", () => {
  const timeline = createTimeline();
  timeline.take(said("1", "a secret"));
  timeline.remove("1");
  expect(texts(timeline)).toEqual([]);
  expect(timeline.unread.value).toBe(0);
});
