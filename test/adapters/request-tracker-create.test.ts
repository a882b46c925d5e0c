import { expect, test } from "vitest";
import { requestTracker } from "../../src/adapters/request-tracker/index.ts";
import { fakeDesk, sendJson } from "../../src/testing/index.ts";

const list = (items: readonly unknown[]) => ({ items, count: items.length, total: items.length });
const ctx = {
  signal: new AbortController().signal,
  locale: "en",
  member: { id: "m1", name: "Ana", email: "ana@example.org" },
};
const draft = { clientId: "1cbdc8a5-4e3e-4cbb-9b1f-6a1a04c0f3a1", title: "Naročilo", text: "Ne gre." };
const made = {
  id: 7,
  Subject: draft.title,
  Status: "new",
  Created: "2026-11-30T10:00:00Z",
  LastUpdated: "2026-11-30T10:00:00Z",
  LastUpdatedBy: "",
  Requestor: [{ id: "ana", EmailAddress: "ana@example.org", RealName: "Ana" }],
  CustomFields: [{ id: 1, name: "Podpora Ref", values: [draft.clientId] }],
};

/** A queue that creates tickets; a created one is found while RT answers. */
async function desk() {
  const rt = await fakeDesk();
  let [isMade, isAway, posts] = [false, false, 0];
  rt.answer((call, answer) => {
    const { pathname } = new URL(call.url ?? "/", rt.url);
    const path = pathname.replace("/REST/2.0", "");
    if (isAway) sendJson(answer, {}, 503);
    else if (path === "/queue/Support")
      sendJson(answer, { id: 1, Name: "Support", TicketCustomFields: [{ id: 1, name: "Podpora Ref" }] });
    else if (path === "/ticket") {
      posts += 1;
      isMade = true;
      isAway = posts === 1;
      sendJson(answer, { id: 7 }, 201);
    } else sendJson(answer, list(path === "/tickets" && isMade ? [made] : []));
  });
  return { rt, posts: () => posts, comeBack: () => (isAway = false) };
}

test("a ticket that was created while Request Tracker stopped responding may be sent again, and is the same one", async () => {
  const { comeBack, posts, rt } = await desk();
  const adapter = requestTracker({ url: rt.url, token: "1-29-9be4dd94", queue: "Support" });
  await expect(adapter.tickets?.create(draft, ctx)).rejects.toMatchObject({ code: "unavailable" });
  comeBack();
  expect(await adapter.tickets?.create(draft, ctx)).toMatchObject({ id: "7" });
  expect(posts()).toBe(1);
  await adapter.dispose?.();
});
