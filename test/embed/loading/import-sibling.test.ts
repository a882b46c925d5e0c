import { afterEach, expect, test, vi } from "vitest";
import { importSibling } from "../../../src/embed/loading/import-sibling.ts";
import { isOutdated } from "../../../src/core/outdated-error.ts";

afterEach(() => void vi.unstubAllGlobals());

const answer = (status: number) => vi.stubGlobal("fetch", async () => new Response(null, { status }));

test("what could not be fetched is asked for again at another address", async () => {
  answer(200);
  await expect(importSibling("file:///nowhere/part.mjs?v=1")).rejects.not.toSatisfy(isOutdated);
  await expect(importSibling("file:///nowhere/part.mjs?v=1")).rejects.toThrow("part.mjs?v=1&try=1");
});

test("a file that is not there any more is told apart from a network that fails", async () => {
  answer(404);
  await expect(importSibling("file:///nowhere/chat-0123abcd.js")).rejects.toSatisfy(isOutdated);
  vi.stubGlobal("fetch", async () => await Promise.reject(new TypeError("Failed to fetch")));
  await expect(importSibling("file:///nowhere/chat-4567abcd.js")).rejects.not.toSatisfy(isOutdated);
});
