import { expect, test } from "vitest";
import type { Message } from "../../../src/core/contract/adapter.ts";
import { createTimeline } from "../../../src/core/chat/chat-timeline.ts";

const message = (id: string, role: Message["author"]["role"] = "member"): Message => ({
  id,
  author: { id: role, role },
  text: id,
  at: "2026-11-23T10:00:00Z",
});

test("the newest of the member's messages is sent, then delivered, then read; marks go forward only", () => {
  const timeline = createTimeline();
  for (const id of ["a", "b"]) timeline.take(message(id));
  timeline.take(message("c", "agent"));
  expect(timeline.mark.value).toEqual({ messageId: "b", mark: "sent" });
  timeline.reached("delivered", "a");
  expect(timeline.mark.value?.mark).toBe("sent");
  timeline.reached("delivered", "b");
  expect(timeline.mark.value?.mark).toBe("delivered");
  timeline.reached("read", "c");
  expect(timeline.mark.value?.mark).toBe("read");
  timeline.reached("read", "a");
  expect(timeline.mark.value?.mark).toBe("read");
  timeline.take(message("d"));
  expect(timeline.mark.value).toEqual({ messageId: "d", mark: "sent" });
});

test("what was said before comes above, each once", () => {
  const timeline = createTimeline();
  timeline.take(message("c"));
  timeline.prepend([message("a"), message("b"), message("c")]);
  timeline.take(message("d"));
  expect(timeline.messages.value.map(({ id }) => id)).toEqual(["a", "b", "c", "d"]);
});
