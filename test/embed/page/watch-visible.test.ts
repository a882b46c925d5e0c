import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { createHost } from "../../../src/loader/host.ts";
import { watchVisible } from "../../../src/embed/page/watch-visible.ts";
import { consoleMessages } from "../../support/page.ts";

afterEach(() => void vi.restoreAllMocks());

function watch() {
  const host = createHost({});
  const life = new AbortController();
  const visible = watchVisible(host.element, life.signal);
  onTestFinished(() => {
    life.abort();
    host.remove();
  });
  return { ...host, visible };
}

test("a widget is visible while its tab is visible", () => {
  const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(false);
  const { visible } = watch();
  expect(visible.value).toBe(true);
  hidden.mockReturnValue(true);
  document.dispatchEvent(new Event("visibilitychange"));
  expect(visible.value).toBe(false);
  hidden.mockReturnValue(false);
  document.dispatchEvent(new Event("visibilitychange"));
  expect(visible.value).toBe(true);
});

test("a widget that the page has removed is not, until it is back", async () => {
  consoleMessages();
  vi.spyOn(document, "hidden", "get").mockReturnValue(false);
  const { element, visible, attach } = watch();
  const observer = new MutationObserver(() => element.remove());
  observer.observe(document.body, { childList: true });
  element.remove();
  await expect.poll(() => visible.value).toBe(false);
  observer.disconnect();
  attach();
  expect(visible.value).toBe(true);
});
