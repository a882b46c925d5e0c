import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { memoryStorage, type Storage } from "../../../src/core/delivery/storage.ts";
import { createAlerts } from "../../../src/embed/page/alerts.ts";
import { tabs } from "../../support/tabs.ts";

const sounded = vi.fn<() => void>();
const notified = vi.fn<(title: string) => void>();
const closed = vi.fn<() => void>();

class Sound {
  currentTime = 0;
  destination = {};
  close = async () => closed();
}
class Node {
  connect = () => this;
  start = () => sounded();
  stop = () => undefined;
}
class Notifications {
  static permission = "granted";
  constructor(title: string) {
    notified(title);
  }
  addEventListener() {}
}

beforeEach(() => {
  for (const spy of [sounded, notified, closed]) spy.mockClear();
  vi.stubGlobal("AudioContext", Sound);
  vi.stubGlobal("OscillatorNode", Node);
  vi.stubGlobal("GainNode", Node);
  vi.stubGlobal("Notification", Notifications);
  vi.spyOn(document, "hidden", "get").mockReturnValue(true);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

async function wanted(storage: Storage = memoryStorage()) {
  const alerts = createAlerts(storage);
  await alerts.want(true);
  return alerts;
}

test("a member with alerts hears two tones, and gets a notification while the page is not visible", async () => {
  const alerts = await wanted();
  await alerts.tell("message/1", "Nina: hello");
  expect(sounded).toHaveBeenCalledTimes(2);
  expect(notified.mock.calls).toEqual([["Nina: hello"]]);
  vi.spyOn(document, "hidden", "get").mockReturnValue(false);
  await alerts.tell("message/2", "Nina: there?");
  expect(notified).toHaveBeenCalledTimes(1);
});

test("a member without alerts hears nothing", async () => {
  await createAlerts(memoryStorage()).tell("message/1", "x");
  expect([sounded.mock.calls.length, notified.mock.calls.length]).toEqual([0, 0]);
});

test("of several tabs only one alerts, also if one of them lags behind", async () => {
  const openTab = tabs();
  const [one, other] = [await wanted(openTab()), await wanted(openTab())];
  await one.tell("message/1", "first");
  await one.tell("message/2", "second");
  await other.tell("message/1", "first");
  await other.tell("message/2", "second");
  expect(notified.mock.calls).toEqual([["first"], ["second"]]);
});

test("without storage, each tab alerts once", async () => {
  const refuse = async () => await Promise.reject(new Error("refused"));
  const alerts = await wanted({ ...memoryStorage(), get: refuse, set: refuse, update: refuse });
  await alerts.tell("message/1", "once");
  await alerts.tell("message/1", "once");
  expect(notified.mock.calls).toEqual([["once"]]);
});

describe("a browser's faults never throw into the page", () => {
  const refuse = () => {
    throw new TypeError("Illegal constructor.");
  };

  test("if only a service worker may show notifications (Chrome on Android), the sound is played", async () => {
    vi.stubGlobal("Notification", Object.assign(refuse, { permission: "granted" }));
    await (await wanted()).tell("message/1", "x");
    expect(sounded).toHaveBeenCalledTimes(2);
  });

  test("no audio: the notification is shown", async () => {
    vi.stubGlobal("AudioContext", refuse);
    await (await wanted()).tell("message/1", "x");
    expect(notified).toHaveBeenCalledTimes(1);
  });

  test("no notifications and no audio at all: nothing happens", async () => {
    vi.stubGlobal("AudioContext", undefined);
    Reflect.deleteProperty(globalThis, "Notification");
    await (await wanted()).tell("message/1", "x");
  });

  test.each([
    ["answers by its callback alone", (onAnswer: (answer: string) => void) => onAnswer("granted")],
    ["rejects", async () => await Promise.reject(new Error("not in a frame"))],
    ["throws", refuse],
  ])("the question for leave %s: the setting is stored anyway", async (_how, requestPermission) => {
    vi.stubGlobal(
      "Notification",
      Object.assign(() => undefined, { permission: "default", requestPermission }),
    );
    const alerts = await wanted();
    expect(alerts.wanted.value).toBe(true);
  });
});

test("when the widget is destroyed, the audio is closed and there are no more alerts", async () => {
  const alerts = await wanted();
  alerts.stop();
  expect(closed).toHaveBeenCalledTimes(1);
  await alerts.tell("message/1", "x");
  expect(notified).not.toHaveBeenCalled();
});
