import { expect, test } from "vitest";
import { redmine } from "../../src/adapters/redmine/index.ts";
import { requestTracker } from "../../src/adapters/request-tracker/index.ts";
import { znuny } from "../../src/adapters/znuny/index.ts";
import { limits } from "../../src/adapter/limits.ts";
import { fakeDesk, sendJson } from "../../src/testing/index.ts";
import { by, LOBBY, NINA, ana, openServer, startCopy } from "./xmpp-stage.ts";

const key = "0123456789abcdef0123456789abcdef01234567";
const ctx = { signal: new AbortController().signal, locale: "en" };

test.each([
  ["Redmine", (url: string) => redmine({ url, key, project: "help", tracker: "Support", role: "Customer" })],
  ["Request Tracker", (url: string) => requestTracker({ url, token: "1-29-9be4dd94", queue: "Support" })],
  ["Znuny", (url: string) => znuny({ url, user: "podpora", password: "a-password", queue: "Support" })],
])("%s reports that it is away while its breaker is open, and nothing once it answers", async (_name, open) => {
  const desk = await fakeDesk();
  let status = 200;
  desk.answer((_call, answer) => sendJson(answer, {}, status));
  const adapter = open(desk.url);
  const call = async () => {
    await adapter.accounts?.signIn({ username: "ana", password: "x" }, ctx).catch(() => undefined);
  };
  await call();
  expect(adapter.state?.()).toEqual({});
  status = 503;
  for (let count = 0; count < limits.FAILURES_IN_A_ROW; count += 1) {
    // oxlint-disable-next-line no-await-in-loop -- in a row
    await call();
  }
  expect(adapter.state?.()).toEqual({ tickets: "away" });
  status = 200;
  await expect
    .poll(async () => {
      await call();
      return adapter.state?.();
    })
    .toEqual({});
  await adapter.dispose?.();
});

test("XMPP is reached while the server answers and the lobby is joined", async () => {
  const server = await openServer();
  const { adapter } = startCopy(server);
  expect(adapter.state?.()).toEqual({ chat: "away" });
  await adapter.chat.availability(by(ana));
  server.join(LOBBY, "Nina", NINA);
  expect(adapter.state?.()).toEqual({ chat: "reached" });
  server.hole(true);
  server.cut();
  await expect.poll(() => adapter.state?.()).toEqual({ chat: "away" });
});
