import { expect, onTestFinished, test, vi } from "vitest";
import { createHost, hasWidget, type Host } from "../../src/loader/host.ts";
import { keepPlace } from "../../src/embed/page/keep-place.ts";
import { keepEventsInside } from "../../src/embed/page/own-events.ts";
import { consoleMessages } from "../support/page.ts";

function host(): Host {
  const made = createHost({});
  onTestFinished(made.remove);
  return made;
}
const onPage = () => document.querySelectorAll("podpora-widget").length;
const settled = () => new Promise((resolve) => setTimeout(resolve));

test("the page gets one element, without an id, so that no global is created", () => {
  const { element } = host();
  expect(element.isConnected).toBe(true);
  expect(element.id).toBe("");
  expect(hasWidget()).toBe(true);
});

test("an element of the page with any id or name is not mistaken for the widget's", () => {
  const section = document.body.appendChild(document.createElement("section"));
  section.id = "podpora";
  expect(hasWidget()).toBe(false);
  section.remove();
});

test.each<[string, () => void]>([
  ["replaces its body", () => document.body.replaceWith(document.createElement("body"))],
  ["empties its body", () => document.body.replaceChildren()],
  ["takes the element out", () => document.querySelector("podpora-widget")?.remove()],
  [
    "has wrapped it and takes the wrapper out",
    () => {
      const wrapper = document.body.appendChild(document.createElement("div"));
      const element = document.querySelector("podpora-widget");
      if (element) wrapper.append(element);
      queueMicrotask(() => queueMicrotask(() => wrapper.remove()));
    },
  ],
])("a page that %s gets it back, with its content and styles", async (_what, change) => {
  const { element, root } = host();
  const words = root.appendChild(document.createElement("textarea"));
  words.value = "half a sent";
  const sheets = root.adoptedStyleSheets.length;
  change();
  await settled();
  expect(element.parentNode).toBe(document.body);
  expect(onPage()).toBe(1);
  expect(root.querySelector("textarea")?.value).toBe("half a sent");
  expect(root.adoptedStyleSheets).toHaveLength(sheets);
});

test("a page that replaces its body repeatedly gets it back each time", async () => {
  const { element } = host();
  for (let round = 0; round < 5; round++) {
    document.body.replaceWith(document.createElement("body"));
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await settled();
    expect(element.isConnected).toBe(true);
  }
});

test("a focused element in it is focused again; a focus elsewhere is kept", async () => {
  const { root, element } = host();
  const place = keepPlace(root);
  element.addEventListener("attach", () => place.restore());
  const words = root.appendChild(document.createElement("textarea"));
  words.focus();
  document.body.replaceWith(document.createElement("body"));
  await settled();
  expect(root.activeElement).toBe(words);
  words.blur();
  const body = document.createElement("body");
  const input = body.appendChild(document.createElement("input"));
  document.body.replaceWith(body);
  input.focus();
  await settled();
  expect(document.activeElement).toBe(input);
});

test("followers are notified when it is removed and back", async () => {
  const { element } = host();
  const heard: boolean[] = [];
  for (const type of ["attach", "detach"]) element.addEventListener(type, () => heard.push(element.isConnected));
  element.remove();
  await settled();
  expect(heard).toEqual([false, true]);
});

test("a copy restored by a page cache is removed", async () => {
  const { element } = host();
  const body = document.createElement("body");
  body.append(element.cloneNode());
  document.body.replaceWith(body);
  await settled();
  expect(onPage()).toBe(1);
  expect(element.isConnected).toBe(true);
});

test("with a page that keeps removing it there is no endless fight; opening it brings it back", async () => {
  const messages = consoleMessages();
  const { element, attach } = host();
  let removals = 0;
  const observer = new MutationObserver(() => {
    if (!element.isConnected) return;
    removals += 1;
    element.remove();
  });
  observer.observe(document.body, { childList: true });
  element.remove();
  await settled();
  await settled();
  expect(removals).toBeLessThan(30);
  expect(messages).toEqual([expect.stringContaining("the page keeps removing the widget")]);
  observer.disconnect();
  attach();
  expect(element.isConnected).toBe(true);
});

test("after remove() it stays away, and there is room for another", async () => {
  const made = createHost({});
  made.remove();
  document.body.replaceWith(document.createElement("body"));
  await settled();
  expect(onPage()).toBe(0);
  expect(hasWidget()).toBe(false);
});

test("the page's shortcuts, smooth scrolling, drop areas and focus traps receive no events from it", () => {
  const { root, element } = host();
  keepEventsInside(element);
  const inside = root.appendChild(document.createElement("p"));
  const heard = vi.fn<() => void>();
  const types = ["keydown", "wheel", "touchmove", "drop", "paste", "focusin", "copy"];
  for (const type of types) window.addEventListener(type, heard);
  for (const type of types) inside.dispatchEvent(new Event(type, { bubbles: true, composed: true }));
  for (const type of types) window.removeEventListener(type, heard);
  expect(heard).not.toHaveBeenCalled();
});

test("a file that is dropped elsewhere does not replace the page", () => {
  const { root, element } = host();
  keepEventsInside(element);
  const inside = root.appendChild(document.createElement("p"));
  const drop = new Event("drop", { bubbles: true, composed: true, cancelable: true });
  Object.assign(drop, { dataTransfer: { types: ["Files"], dropEffect: "copy" } });
  inside.dispatchEvent(drop);
  expect(drop.defaultPrevented).toBe(true);
});
