import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Command, runScriptTag } from "../../src/loader/script-tag.ts";
import type { Report } from "../../src/loader/report.ts";
import { consoleMessages, widgetElement } from "../support/page.ts";

/** The page's value of that name: the tag's stub, or something of its own. */
const name = "Podpora";
const onPage = (): Command | undefined => Reflect.get(window, name);

/** Evaluates the script like one more tag. */
function tag() {
  runScriptTag({
    name: "podpora.js",
    app: async () => await Promise.reject(new Error("there is no network")),
    fetch: () => undefined,
    diagnosis: async () => await Promise.reject(new Error("there is no network")),
  });
}

function stub(...calls: unknown[][]) {
  const queue = Object.assign((...args: unknown[]) => void queue.q.push(args), { q: calls });
  return queue;
}
const start = ["init", { endpoint: "https://help.example.org/podpora", locale: "en" }];

beforeEach(() => void Reflect.deleteProperty(window, name));
afterEach(() => {
  const commands: Command | undefined = Reflect.get(document, Symbol.for("podpora.commands"));
  commands?.("destroy");
  Reflect.deleteProperty(document, Symbol.for("podpora.commands"));
});

test("earlier calls of the page are run in order, init first", () => {
  const messages = consoleMessages();
  Reflect.set(window, name, stub(["hide"], start, ["fly"]));
  tag();
  expect(widgetElement()?.shadowRoot?.querySelector<HTMLElement>(".launcher")?.hidden).toBe(true);
  expect(messages).toEqual([expect.stringContaining('"fly" is not a command')]);
});

test("a second tag does nothing while the widget lives", () => {
  const messages = consoleMessages();
  Reflect.set(window, name, stub(start));
  tag();
  const element = widgetElement();
  tag();
  expect(widgetElement()).toBe(element);
  expect(messages).toEqual([]);
});

test("a router that runs the page's snippet again gets the same widget back", () => {
  const messages = consoleMessages();
  Reflect.set(window, name, stub(start));
  tag();
  const element = widgetElement();
  Reflect.set(window, name, stub(start, ["hide"]));
  tag();
  expect(widgetElement()).toBe(element);
  expect(element?.shadowRoot?.querySelector<HTMLElement>(".launcher")?.hidden).toBe(true);
  expect(onPage()?.("info")).toMatchObject({ locale: "en" });
  expect(messages).toEqual([]);
});

test("after destroy the commands stay, and init or another tag starts again", () => {
  const messages = consoleMessages();
  Reflect.set(window, name, stub(start));
  tag();
  onPage()?.("destroy");
  expect(widgetElement()).toBeUndefined();
  onPage()?.("open");
  onPage()?.(...(start as [string, object]));
  expect(widgetElement()).toBeDefined();
  onPage()?.("destroy");
  Reflect.set(window, name, stub(start));
  tag();
  expect(widgetElement()).toBeDefined();
  expect(messages).toEqual([]);
});

test("after destroy another tag starts with its own settings", () => {
  const begin = (locale: string) => {
    const script = document.createElement("script");
    script.dataset["podporaLocale"] = locale;
    const current = vi.spyOn(document, "currentScript", "get").mockReturnValue(script);
    tag();
    current.mockRestore();
  };
  begin("sl");
  onPage()?.("destroy");
  begin("de");
  expect(onPage()?.("info")).toMatchObject({ locale: "de" });
});

test.each([
  ["an object", { kind: "the page's own" }],
  ["a class", class Podpora extends Map {}],
  ["a library's function", Object.assign(() => undefined, { version: "1" })],
])("%s of the page with the name Podpora is kept, and the console says so", (_what, own) => {
  const messages = consoleMessages();
  Reflect.set(window, name, own);
  tag();
  expect(onPage()).toBe(own);
  expect(messages[0]).toContain("window.Podpora belongs to the page");
});

test("an element of the page with the id Podpora, which a browser puts into window, is no obstacle", () => {
  const messages = consoleMessages();
  Reflect.set(window, name, document.createElement("section"));
  tag();
  expect(typeof onPage()).toBe("function");
  expect(messages.join()).not.toContain("the page's own");
});

test("diagnose() answers also when nothing can be loaded, and says what to do", async () => {
  const messages = consoleMessages();
  Reflect.set(window, name, stub(start));
  tag();
  await Promise.resolve(onPage()?.("open")).catch(() => undefined);
  const report = (await onPage()?.("diagnose")) as Report;
  expect(report).toMatchObject({
    state: "failed",
    findings: [{ problem: expect.stringContaining("there is no network"), fix: expect.stringContaining("script-src") }],
  });
  expect(report.text).toContain("there is no network");
  expect(messages.join()).toContain('"open" failed');
});
