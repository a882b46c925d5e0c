import { describe, expect, test } from "vitest";
import { AdapterError, type AdapterErrorCode } from "../../src/core/contract/errors.ts";
import { StoreError } from "../../src/gateway/index.ts";
import { sayable, traced } from "../../src/server/log.ts";

const word = "skrivnost";
const written = (error: unknown): string => JSON.stringify([sayable(error), traced(error)]);

describe("the log of an error contains no personal text", () => {
  test.each<readonly [AdapterErrorCode, string]>([
    ["invalid", `"${word}" is no cursor`],
    ["invalid", `"a" ${word} "b" is no cursor`],
    ["invalid", `the desk does not take it: ${word} is too long`],
    ["too-large", `the desk does not take it: ${word}`],
    ["not-found", `there is no “${word}”`],
    ["forbidden", `to the desk, ${word}@example.org is another user's address`],
    ["unknown", `the desk answered GET /tickets?q=${word} without JSON`],
    ["unknown", `the desk answered unexpectedly: ${word}`],
  ])("%s: %s", (code, message) => {
    expect(written(new AdapterError(code, message, { cause: new Error(word) }))).not.toContain(word);
  });

  test.each([
    ["an error", new Error(word)],
    ["one whose message looks like its stack", new Error(`a\n    at ${word} (${word})`)],
    ["one with a name and a code of its own", Object.assign(new Error("a"), { name: `${word} ${word}`, code: word })],
    ["one whose message was changed", Object.assign(new Error(word), { message: "other" })],
    ["a string", word],
    ["an object", { message: word }],
    ["nothing", undefined],
  ])("%s", (_kind, error) => {
    expect(written(error)).not.toContain(word);
  });
});

describe("the log of an error contains what an operator needs", () => {
  test("for a desk's error: its code and the adapter's own message", () => {
    const error = new AdapterError("unavailable", "Request Tracker cannot be reached at https://rt.example.org", {
      cause: Object.assign(new Error("x"), { code: "ECONNREFUSED" }),
    });
    expect(sayable(error)).toEqual({
      error: "AdapterError",
      code: "unavailable",
      reason: "Request Tracker cannot be reached at https://rt.example.org",
      cause: "Error ECONNREFUSED",
    });
  });

  test("for a store error: what is wrong and where", () => {
    expect(sayable(new StoreError("silent", "Redis at 10.0.0.5:6379 does not answer (silent)"))).toMatchObject({
      fault: "silent",
      reason: "Redis at 10.0.0.5:6379 does not answer (silent)",
    });
  });

  test("for any other error: its kind and where it was thrown", () => {
    const { at, error } = traced(Object.assign(new TypeError("a"), { code: "ENOSPC" }));
    expect([error, at]).toEqual([
      "TypeError ENOSPC",
      expect.arrayContaining([expect.stringMatching(/^at .*log\.test\.ts/)]),
    ]);
  });
});
