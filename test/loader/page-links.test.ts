import { expect, onTestFinished, test, vi } from "vitest";
import { watchLinks } from "../../src/loader/page-links.ts";

function links() {
  const open = vi.fn<(route: string) => void>();
  const life = new AbortController();
  onTestFinished(() => life.abort());
  watchLinks(open, life.signal);
  return open;
}

function onPage<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, parent: Node = document.body) {
  const element = parent.appendChild(document.createElement(tag));
  onTestFinished(() => element.remove());
  return element;
}

test("an element of the page opens the widget at its route", () => {
  const open = links();
  const button = onPage("button");
  button.dataset["podporaOpen"] = "tickets/new";
  const icon = button.appendChild(document.createElement("span"));
  icon.click();
  expect(open.mock.calls).toEqual([["tickets/new"]]);
});

test("without a route it opens the tickets, and a link does not leave the page", () => {
  const open = links();
  const link = onPage("a");
  link.href = "https://example.org/contact";
  link.dataset["podporaOpen"] = "";
  const click = new MouseEvent("click", { bubbles: true, cancelable: true });
  link.dispatchEvent(click);
  expect(open.mock.calls).toEqual([["tickets"]]);
  expect(click.defaultPrevented).toBe(true);
});

test("a button inside of a web component opens it, also one in a component in a component", () => {
  const open = links();
  const outer = onPage("div").attachShadow({ mode: "open" });
  const inner = outer.appendChild(document.createElement("div")).attachShadow({ mode: "open" });
  const button = inner.appendChild(document.createElement("button"));
  button.dataset["podporaOpen"] = "chat";
  button.dispatchEvent(new MouseEvent("click", { bubbles: true, composed: true, cancelable: true }));
  expect(open.mock.calls).toEqual([["chat"]]);
});

test("a component that is marked itself opens it, wherever in it the click was", () => {
  const open = links();
  const component = onPage("div");
  component.dataset["podporaOpen"] = "chat";
  const button = component.attachShadow({ mode: "open" }).appendChild(document.createElement("button"));
  button.dispatchEvent(new MouseEvent("click", { bubbles: true, composed: true, cancelable: true }));
  expect(open.mock.calls).toEqual([["chat"]]);
});

test("a click that the page has handled, or on an unmarked element, opens nothing", () => {
  const open = links();
  onPage("p").click();
  const button = onPage("button");
  button.dataset["podporaOpen"] = "chat";
  button.addEventListener("click", (event) => event.preventDefault());
  button.click();
  expect(open).not.toHaveBeenCalled();
});
