import { signal } from "@preact/signals-core";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { createChatPage } from "../../../src/embed/page/chat-page.ts";
import { consoleMessages } from "../../support/page.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

function chatPage(address: () => Promise<string | undefined> = async () => "https://help.example.org/chat#code=1") {
  const widget = { session: { chatPage: address } } as unknown as Parameters<typeof createChatPage>[0];
  const i18n = { locale: signal("sl") } as unknown as Parameters<typeof createChatPage>[1];
  const page = createChatPage(widget, i18n);
  onTestFinished(page.stop);
  return page;
}

function tabOpens() {
  const tab = {
    opener: window as Window | null,
    closed: false,
    location: { href: "" },
    close: () => (tab.closed = true),
  };
  vi.spyOn(window, "open").mockReturnValue(tab as unknown as Window);
  return tab;
}

test("the chat opens in a separate tab, in the member's language and without access to this page", async () => {
  const tab = tabOpens();
  const page = chatPage();
  expect(await page.open()).toBe(true);
  expect(tab.location.href).toBe("https://help.example.org/chat?locale=sl#code=1");
  expect(tab.opener).toBeNull();
  expect(page.inOwnTab.value).toBe(true);
});

test("when the member closes that tab the chat returns here", async () => {
  vi.useFakeTimers();
  const tab = tabOpens();
  const page = chatPage();
  await page.open();
  tab.closed = true;
  vi.advanceTimersByTime(1_000);
  expect(page.inOwnTab.value).toBe(false);
  expect(vi.getTimerCount()).toBe(0);
});

test.each([
  ["blocks it", () => null],
  [
    "throws",
    () => {
      throw new DOMException("sandboxed", "SecurityError");
    },
  ],
])("a browser that %s keeps the chat here", async (_how, open) => {
  vi.spyOn(window, "open").mockImplementation(open);
  expect(await chatPage().open()).toBe(false);
});

test("a tab without an address is closed again, and the console says why", async () => {
  const messages = consoleMessages();
  const tab = tabOpens();
  expect(await chatPage(async () => undefined).open()).toBe(false);
  expect(tab.closed).toBe(true);
  expect(messages).toEqual([expect.stringContaining("the chat page could not be opened")]);
});

test("a widget that is destroyed meanwhile opens nothing, and leaves no timer", async () => {
  vi.useFakeTimers();
  consoleMessages();
  const tab = tabOpens();
  const page = chatPage(async () => {
    page.stop();
    return "https://help.example.org/chat#code=1";
  });
  expect(await page.open()).toBe(false);
  expect([tab.closed, vi.getTimerCount()]).toEqual([true, 0]);
});
