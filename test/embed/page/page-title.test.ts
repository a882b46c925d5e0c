import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createTitleCount } from "../../../src/embed/page/page-title.ts";

beforeEach(() => {
  // As in HTML, and unlike happy-dom: stripped and collapsed.
  Object.defineProperty(document, "title", {
    configurable: true,
    get: () => (document.querySelector("title")?.textContent ?? "").trim().replaceAll(/\s+/g, " "),
    set: (title: string) => {
      const element = document.querySelector("title") ?? document.head.appendChild(document.createElement("title"));
      element.textContent = title;
    },
  });
  document.head.replaceChildren();
});
afterEach(() => void Reflect.deleteProperty(document, "title"));

function setTitle(title: string) {
  document.head.querySelector("title")?.remove();
  document.head.appendChild(document.createElement("title")).textContent = title;
}

test("the count is put before the page's title, and removed with the last waiting item", () => {
  setTitle("My page");
  const count = createTitleCount();
  count.show(2);
  expect(document.title).toBe("(2) My page");
  count.show(0);
  expect(document.title).toBe("My page");
  count.stop();
});

test("a page without a title shows the count alone, and has none again afterwards", () => {
  const count = createTitleCount();
  count.show(2);
  expect(document.title).toBe("(2)");
  count.show(3);
  expect(document.title).toBe("(3)");
  count.stop();
  expect(document.title).toBe("");
  expect(document.querySelector("title")).toBeNull();
});

test("a title that the page's router sets gets the count, also in a new head", async () => {
  setTitle("First");
  const count = createTitleCount();
  count.show(1);
  setTitle("Second");
  await vi.waitUntil(() => document.title === "(1) Second");
  const head = document.createElement("head");
  head.appendChild(document.createElement("title")).textContent = "Third";
  document.head.replaceWith(head);
  await vi.waitUntil(() => document.title === "(1) Third");
  setTitle("Fourth");
  await vi.waitUntil(() => document.title === "(1) Fourth");
  count.stop();
  expect(document.title).toBe("Fourth");
});

test("a title with a count restored by a page cache is not counted twice", async () => {
  setTitle("Orders");
  const count = createTitleCount();
  count.show(2);
  setTitle("Cart");
  await vi.waitUntil(() => document.title === "(2) Cart");
  count.show(3);
  setTitle("(2) Orders");
  await vi.waitUntil(() => document.title === "(3) Orders");
  count.stop();
  expect(document.title).toBe("Orders");
});

test("a page's own number in its title is kept", () => {
  setTitle("(5) Inbox");
  const count = createTitleCount();
  count.show(2);
  expect(document.title).toBe("(2) (5) Inbox");
  count.stop();
  expect(document.title).toBe("(5) Inbox");
});
