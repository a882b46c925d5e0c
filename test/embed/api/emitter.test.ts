import { expect, onTestFinished, test, vi } from "vitest";
import { createEmitter } from "../../../src/embed/api/emitter.ts";
import type { PodporaEvent } from "../../../src/loader/handle.ts";
import { consoleMessages } from "../../support/page.ts";

function onWindow(type: string) {
  const heard: Event[] = [];
  const listener = (event: Event) => void heard.push(event);
  window.addEventListener(type, listener);
  onTestFinished(() => window.removeEventListener(type, listener));
  return heard;
}

test("a listener and the window get the same event, with its time and an id", () => {
  const { emit, on } = createEmitter();
  const heard = onWindow("podpora:unread");
  const listener = vi.fn<(event: PodporaEvent) => void>();
  on("unread", listener);
  emit("unread", { count: 2 });
  expect(listener).toHaveBeenCalledWith(
    expect.objectContaining({ type: "unread", data: { count: 2 }, id: expect.any(String), at: expect.any(String) }),
  );
  expect((heard[0] as CustomEvent).detail).toBe(listener.mock.calls[0]?.[0]);
});

test("a listener that throws is named in the console, and the others are still called", () => {
  const messages = consoleMessages();
  const { emit, on } = createEmitter();
  const listener = vi.fn<(event: PodporaEvent) => void>();
  on("open", () => {
    throw new Error("the site's mistake");
  });
  on("open", listener);
  emit("open", {});
  expect(listener).toHaveBeenCalledTimes(1);
  expect(messages).toEqual([expect.stringContaining('a listener for "open" threw')]);
});

test("off() removes a listener that once() or on() added, as does the function that they return", () => {
  const { emit, on, once, off } = createEmitter();
  const listener = vi.fn<(event: PodporaEvent) => void>();
  once("close", listener);
  on("close", listener);
  off("close", listener);
  on("close", listener)();
  once("close", listener)();
  emit("close", {});
  expect(listener).not.toHaveBeenCalled();
});

test("a listener of once() is called once, also if it triggers the event again", () => {
  const { emit, once } = createEmitter();
  const listener = vi.fn<() => void>(() => emit("close", {}));
  once("close", listener);
  emit("close", {});
  emit("close", {});
  expect(listener).toHaveBeenCalledTimes(1);
});

test("a listener that an earlier one removed is not called", () => {
  const { emit, on, off } = createEmitter();
  const second = vi.fn<(event: PodporaEvent) => void>();
  on("open", () => off("open", second));
  on("open", second);
  emit("open", {});
  expect(second).not.toHaveBeenCalled();
});

test("after close() no listener is called, on the window neither", () => {
  const { emit, on, close } = createEmitter();
  const heard = onWindow("podpora:open");
  const listener = vi.fn<(event: PodporaEvent) => void>();
  on("open", listener);
  close();
  emit("open", {});
  on("open", listener);
  emit("open", {});
  expect([listener.mock.calls.length, heard.length]).toEqual([0, 0]);
});

test("a listener for an event that does not exist is reported in the console, with the names of all events", () => {
  const messages = consoleMessages();
  const { on } = createEmitter();
  on("opne" as "open", () => undefined);
  expect(messages).toEqual([expect.stringMatching(/there is no event "opne"; use ready, open, .*, error/)]);
});
