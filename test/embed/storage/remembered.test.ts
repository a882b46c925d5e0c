import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import {
  follows,
  recall,
  recallLanguage,
  remember,
  rememberLanguage,
  rememberToFollow,
} from "../../../src/embed/storage/remembered.ts";

afterEach(() => {
  sessionStorage.clear();
  localStorage.clear();
});

test("the next page goes on with the panel that was open; a closed one without a chat leaves nothing", () => {
  remember({ open: true, route: "chat", live: false });
  expect(recall()).toEqual({ open: true, route: "chat", live: false });
  remember({ open: false, route: "chat", live: false });
  expect(recall()).toBeUndefined();
  expect(sessionStorage.length).toBe(0);
});

test.each(["{", "7", '"x"', '{"open":"yes","route":7}'])(
  "what the page may have put there (%s) is no danger",
  (text) => {
    sessionStorage.setItem("podpora", text);
    expect([undefined, false]).toContain(recall()?.open);
  },
);

test("a page that gives arrays and objects a toJSON of its own changes nothing", () => {
  Reflect.set(Object.prototype, "toJSON", () => "changed");
  onTestFinished(() => void Reflect.deleteProperty(Object.prototype, "toJSON"));
  remember({ open: true, route: "tickets", live: true });
  expect(recall()).toEqual({ open: true, route: "tickets", live: true });
});

test("the badge and the language outlive the tab", () => {
  rememberToFollow(true);
  rememberLanguage("sl");
  expect([follows(), recallLanguage()]).toEqual([true, "sl"]);
  rememberToFollow(false);
  rememberLanguage(undefined);
  expect([follows(), recallLanguage(), localStorage.length]).toEqual([false, undefined, 0]);
});

test("a browser that refuses all storage remembers nothing, and throws nothing", () => {
  const refuse = () => {
    throw new DOMException("refused", "SecurityError");
  };
  vi.stubGlobal("localStorage", new Proxy({}, { get: refuse }));
  vi.stubGlobal("sessionStorage", new Proxy({}, { get: refuse }));
  remember({ open: true, route: "chat", live: false });
  rememberToFollow(true);
  rememberLanguage("sl");
  expect([recall(), follows(), recallLanguage()]).toEqual([undefined, false, undefined]);
  vi.unstubAllGlobals();
});
