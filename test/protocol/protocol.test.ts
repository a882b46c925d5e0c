import { describe, expect, test } from "vitest";
import * as v from "valibot";
import { adapterErrorCodes } from "../../src/core/contract/errors.ts";
import { accepts } from "../../src/protocol/accepts.ts";
import * as data from "../../src/protocol/data.ts";
import { TEXT_MAX, TITLE_MAX } from "../../src/protocol/limits.ts";
import { codeOfStatus, statusByCode } from "../../src/protocol/problems.ts";
import * as requests from "../../src/protocol/requests.ts";
import { retryAfterMs } from "../../src/core/contract/retry-after.ts";
import { routes } from "../../src/protocol/routes.ts";

describe("codes and statuses", () => {
  test("every code has a status that is read back as the code, but for the network's own, which no server can tell", () => {
    for (const code of adapterErrorCodes.filter((each) => each !== "network")) {
      expect(codeOfStatus(statusByCode[code])).toBe(code);
    }
    expect(codeOfStatus(statusByCode.network)).toBe("unavailable");
    expect(codeOfStatus(418)).toBe("unknown");
  });
});

describe("Retry-After", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");
  test.each([
    ["120", 120_000],
    [" 0 ", 0],
    ["Thu, 01 Jan 2026 00:00:30 GMT", 30_000],
    ["Thursday, 01-Jan-26 00:00:30 GMT", 30_000],
    ["Wed, 31 Dec 2025 23:00:00 GMT", 0],
    ["1.5", undefined],
    ["-3", undefined],
    ["soon", undefined],
    ["", undefined],
    [null, undefined],
  ])("%j is %j ms", (header, ms) => {
    expect(retryAfterMs(header, now)).toBe(ms);
  });
});

describe("accepted types", () => {
  test.each([
    [undefined, "application/x-anything", true],
    [["image/*"], "image/png", true],
    [["image/*"], "IMAGE/PNG", true],
    [["image/*"], "imagex/png", false],
    [["image/*"], "", false],
    [["text/plain"], "text/plain; charset=utf-8", true],
    [["text/plain"], "text/html", false],
    [[], "image/png", false],
  ])("%j takes %j: %j", (accept, type, taken) => {
    expect(accepts(accept, type)).toBe(taken);
  });
});

describe("answers", () => {
  test("of a newer gateway are read, and what is not known is dropped", () => {
    const answer = { id: "1", role: "agent", mood: "good" };
    expect(v.parse(data.author, answer)).toEqual({ id: "1", role: "agent" });
  });

  test("with a value that is not known yet are read all the same", () => {
    const at = "2026-11-23T10:00:00Z";
    const ticket = {
      id: "1",
      number: "1",
      title: "a",
      status: "paused",
      statusLabel: "On hold",
      createdAt: at,
      updatedAt: at,
    };
    expect(v.parse(data.ticket, ticket)).toMatchObject({ status: "open", statusLabel: "On hold" });
    expect(v.parse(data.author, { id: "1", role: "bot" })).toEqual({ id: "1", role: "agent" });
    const field = { key: "a", label: "A", kind: "color" };
    expect(
      v.parse(data.fieldList, { items: [field, { ...field, kind: "date" }] }).items.map(({ kind }) => kind),
    ).toEqual(["text", "date"]);
  });

  test("with a null where a string belongs are refused", () => {
    expect(v.is(data.author, { id: null, role: "agent" })).toBe(false);
    expect(v.is(data.ticketPage, { items: [], next: null })).toBe(false);
  });
});

describe("requests", () => {
  const clientId = "7b0f0b06-5c5f-4b3f-8d66-0f1b1d0a7c11";
  const draft = { clientId, title: "a", text: "b" };

  test("at the limits are taken, one character over is not", () => {
    const at = { clientId, title: "a".repeat(TITLE_MAX), text: "b".repeat(TEXT_MAX) };
    expect(v.is(requests.ticketDraft, at)).toBe(true);
    expect(v.is(requests.ticketDraft, { ...at, title: `${at.title}a` })).toBe(false);
    expect(v.is(requests.ticketDraft, { ...at, text: `${at.text}b` })).toBe(false);
  });

  test.each([
    ["objects where strings belong", { ...draft, title: { $gt: "" } }],
    ["a list where a string belongs", { ...draft, text: ["b"] }],
    ["only blanks", { ...draft, title: " \n\t " }],
    ["a client id that is no UUID", { ...draft, clientId: "1" }],
    ["null", null],
    ["a nested object as a field's value", { ...draft, fields: { a: { b: 1 } } }],
    ["a number as an attachment", { ...draft, attachments: [1] }],
  ])("with %s are refused", (_what, request) => {
    expect(v.is(requests.ticketDraft, request)).toBe(false);
  });

  test("never hand on what is not asked for", () => {
    expect(v.parse(requests.ticketDraft, { ...draft, memberId: "somebody else" })).toEqual(draft);
  });
});

test("no two routes have the same method and path", () => {
  const addresses = Object.values(routes).map((route) => `${route.method} ${route.path}`);
  expect(new Set(addresses).size).toBe(addresses.length);
});
