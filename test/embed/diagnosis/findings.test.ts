import { beforeEach, expect, test, vi } from "vitest";
import { findingsOf } from "../../../src/embed/diagnosis/findings.ts";
import type { DiagnosisSubject } from "../../../src/loader/app.ts";
import type { ReportDetails } from "../../../src/loader/report.ts";

const well: ReportDetails = {
  build: "podpora.js",
  options: {},
  locale: "en",
  browser: "Chromium 156, Linux",
  online: true,
  secure: true,
  launcher: "visible",
  storage: { state: "works", persisted: false, used: 1, quota: 100 },
  identity: "member",
  streams: { tickets: "connected" },
  gateway: { address: "https://help.example.org", status: 200, ms: 5 },
  desk: { tickets: "create" },
  outbox: { waiting: 0, refused: 0 },
  errors: {},
  pageErrors: 0,
  blocked: [],
};
const element = document.createElement("div");
const subject: DiagnosisSubject = {
  state: "running",
  failure: undefined,
  app: undefined,
  options: { endpoint: "https://help.example.org", tokenUrl: "/token" },
  view: "widget",
  endpoint: "https://help.example.org",
  build: "podpora.js",
  locale: "en",
  element,
  root: element.attachShadow({ mode: "open" }),
  launcher: element,
  errors: [],
};

beforeEach(() => void vi.stubGlobal("location", new URL("https://www.example.org/")));

const found = (details: Partial<ReportDetails>, over: Partial<DiagnosisSubject> = {}, code?: string) =>
  findingsOf({ ...subject, ...over }, { ...well, ...details }, undefined, code);

test("a widget that works has no findings", () => {
  expect(found({})).toEqual([]);
});

test.each([
  ["no network", { online: false }, "no network"],
  ["no https", { secure: false }, "has no https"],
  ["a full storage", { storage: { ...well.storage, used: 99 } }, "nearly full"],
  ["a refused storage", { storage: { state: "refused", persisted: false } }, "store nothing"],
  ["a stream that is held back", { streams: { tickets: "polling" } }, '"tickets" does not work (polling)'],
  ["a lost stream", { streams: { chat: "lost" } }, '"chat" does not work (lost)'],
  ["a refused issue", { outbox: { waiting: 0, refused: 2 } }, "refused what a member wrote (2)"],
  ["an issue that waits", { outbox: { waiting: 1, refused: 0 } }, "not sent yet (1)"],
  ["nobody signed in in spite of tokenUrl", { identity: "guest" }, "gave no token that the gateway accepts"],
  ["a launcher that the page has removed", { launcher: "absent" }, "the page has removed it"],
  [
    "a gateway without https",
    { gateway: { address: "http://help.example.org", ms: 1 } },
    "the gateway has not: the browser blocks",
  ],
] satisfies [string, Partial<ReportDetails>, string][])("%s is a finding with a fix", (_what, details, problem) => {
  const findings = found(details);
  expect(findings).toHaveLength(1);
  expect(findings[0]?.problem).toContain(problem);
  expect(findings[0]?.fix).toMatch(/^[A-Z].*\.$/);
});

test("an app that could not be loaded and an answer that failed are findings", () => {
  expect(found({}, { state: "failed", failure: new Error("404") })[0]?.problem).toContain("started: Error: 404");
  expect(found({}, {}, "unavailable")[0]?.problem).toContain('failed with "unavailable"');
});

test("what waits while there is no network is only the network's", () => {
  expect(found({ online: false, outbox: { waiting: 1, refused: 0 } })).toHaveLength(1);
});
