import { expect } from "vitest";
import { by, refusal, type Case } from "./case.ts";

export const accountCases: readonly Case[] = [
  {
    title: "the right user name and password sign the member in",
    async run(stage) {
      const { subject, mine, me } = stage;
      const accounts = stage.need(mine.accounts);
      const credentials = stage.need(subject.credentials);
      const signal = new AbortController().signal;
      const member = await accounts.signIn(credentials, { signal, locale: "sl" });
      expect(member.id).toBe(me.id);
      expect(member.guest ?? false).toBe(false);
    },
  },
  {
    title: "a wrong user name or password is unauthorized, and the error does not say which was wrong",
    async run(stage) {
      const { subject, mine } = stage;
      const accounts = stage.need(mine.accounts);
      const { username, password } = stage.need(subject.credentials);
      const ctx = { signal: new AbortController().signal, locale: "en" };
      const pairs = [
        { username, password: `${password}x` },
        { username: `${username}x`, password },
        { username, password: "" },
      ];
      const settled = await Promise.allSettled(pairs.slice(0, 2).map((pair) => accounts.signIn(pair, ctx)));
      const messages = settled.map((each) => {
        expect(each).toMatchObject({ status: "rejected", reason: { code: "unauthorized" } });
        return each.status === "rejected" ? String(each.reason) : "";
      });
      expect(messages[0]).toBe(messages[1]);
      await refusal(accounts.signIn({ username, password: "" }, ctx), "unauthorized", "invalid");
    },
  },
  {
    title: "signing in with an aborted signal rejects with the signal's reason",
    async run(stage) {
      const { subject, mine, me } = stage;
      const accounts = stage.need(mine.accounts);
      const credentials = stage.need(subject.credentials);
      const reason = new Error("closed");
      await expect(accounts.signIn(credentials, by(me, AbortSignal.abort(reason)))).rejects.toBe(reason);
    },
  },
  {
    title: "the adapter's name is lower-case and stable",
    run(stage) {
      expect(stage.mine.name).toMatch(/^[a-z][a-z0-9-]*$/);
      expect(stage.theirs.name).toBe(stage.mine.name);
      return Promise.resolve();
    },
  },
  {
    title: "the adapter reports the state only of parts that it has",
    run(stage) {
      const adapter = stage.need(stage.mine, "state");
      for (const [area, state] of Object.entries(adapter.state())) {
        expect(["tickets", "chat"].filter((name) => name in adapter)).toContain(area);
        expect(["unknown", "reached", "away"]).toContain(state);
      }
      return Promise.resolve();
    },
  },
  {
    title: "disposing twice has no further effect",
    async run(stage) {
      const adapter = stage.need(stage.mine, "dispose");
      await adapter.dispose();
      await expect(Promise.resolve(adapter.dispose())).resolves.toBeUndefined();
    },
  },
];
