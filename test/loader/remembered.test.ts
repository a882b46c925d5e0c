import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { recall, recallFor, remember, rememberFor } from "../../src/loader/remembered.ts";

afterEach(() => {
  sessionStorage.clear();
  localStorage.clear();
});

test("the next page restores the open panel; a closed one without a chat leaves nothing", () => {
  remember({ open: true, route: "chat", live: false });
  expect(recall()).toEqual({ open: true, route: "chat", live: false });
  remember({ open: false, route: "chat", live: false });
  expect(recall()).toEqual({});
  expect(sessionStorage.length).toBe(0);
});

test.each(["{", "7", '"x"', '{"open":"yes","route":7}'])(
  "whatever the page has stored there (%s) is harmless",
  (text) => {
    sessionStorage.setItem("podpora", text);
    expect(() => recall().open).not.toThrow();
  },
);

test("a page that gives arrays and objects a toJSON of its own changes nothing", () => {
  Reflect.set(Object.prototype, "toJSON", () => "changed");
  onTestFinished(() => void Reflect.deleteProperty(Object.prototype, "toJSON"));
  remember({ open: true, route: "tickets", live: true });
  expect(recall()).toEqual({ open: true, route: "tickets", live: true });
});

test("the badge and the language outlive the tab", () => {
  rememberFor("follow", "1");
  rememberFor("language", "sl");
  expect([recallFor("follow"), recallFor("language")]).toEqual(["1", "sl"]);
  rememberFor("follow", undefined);
  rememberFor("language", undefined);
  expect([recallFor("follow"), recallFor("language"), localStorage.length]).toEqual([undefined, undefined, 0]);
});

test("without storage nothing is remembered, and nothing throws", () => {
  const refuse = () => {
    throw new DOMException("refused", "SecurityError");
  };
  vi.stubGlobal("localStorage", new Proxy({}, { get: refuse }));
  vi.stubGlobal("sessionStorage", new Proxy({}, { get: refuse }));
  remember({ open: true, route: "chat", live: false });
  rememberFor("follow", "1");
  rememberFor("language", "sl");
  expect([recall(), recallFor("follow"), recallFor("language")]).toEqual([{}, undefined, undefined]);
  vi.unstubAllGlobals();
});
