import { describe, expect, onTestFinished, test } from "vitest";
import { znuny, type ZnunyOptions } from "../../src/adapters/znuny/index.ts";
import { limits } from "../../src/adapter/limits.ts";
import type { Adapter, Changes } from "../../src/core/contract/adapter.ts";
import { fakeDesk } from "../../src/testing/index.ts";
import { rawArticle, rawTicket, refusal, znunyAnswers, type Own } from "./fake-znuny.ts";

const ana = { id: "ana", email: "ana@example.org" };
const ctx = { signal: new AbortController().signal, locale: "en", member: ana };
const draft = (more: object = {}) => ({ clientId: crypto.randomUUID(), title: "Ticket 7", text: "Words", ...more });

async function deskWith(own: Own, options: Partial<ZnunyOptions> = {}) {
  const desk = await fakeDesk();
  desk.answer(znunyAnswers(own));
  const adapter = znuny({ url: desk.url, user: "podpora", password: "a-password", queue: "Support", ...options });
  onTestFinished(() => adapter.dispose?.());
  return { desk, adapter, tickets: adapter.tickets! };
}

/** The steps of a feed, after one poll each. */
function feedOf(adapter: Adapter, cursor?: string): () => Promise<Changes> {
  const feed = adapter.changes!(cursor, { signal: ctx.signal, pause: async () => undefined })[Symbol.asyncIterator]();
  return async () => (await feed.next()).value as Changes;
}

describe("a list", () => {
  test("contains the other tickets if one is deleted while it is read", async () => {
    const { tickets } = await deskWith((operation, { TicketID: ids }) => {
      if (operation === "TicketSearch") return { TicketID: ["1", "2", "3"] };
      if (operation !== "TicketGet" || (ids as string[]).includes("2")) return undefined;
      return { Ticket: (ids as string[]).map((id) => rawTicket(id, { Article: [rawArticle(`1${id}`)] })) };
    });
    const { items } = await tickets.list!({ filter: "all" }, ctx);
    expect(items.map(({ id }) => id)).toEqual(["1", "3"]);
  });

  test("excludes tickets of others, of other queues and merged ones, even if a search returns them", async () => {
    const wrong = [
      rawTicket("1", { CustomerUserID: "boris@example.org" }),
      rawTicket("2", { CustomerUserID: null }),
      rawTicket("3", { Queue: "Elsewhere" }),
      rawTicket("4", { StateType: "merged" }),
    ];
    const { tickets } = await deskWith((operation) => {
      if (operation === "TicketSearch") return { TicketID: wrong.map(({ TicketID }) => TicketID) };
      return operation === "TicketGet" ? { Ticket: wrong } : undefined;
    });
    expect(await tickets.list!({ filter: "all" }, ctx)).toEqual({ items: [] });
    for (const { TicketID: id } of wrong) {
      await expect(tickets.get!(id, ctx)).rejects.toMatchObject({ code: "not-found" });
    }
  });
});

describe("a new ticket", () => {
  test("that Znuny assigned to another customer user with the address becomes the member's, also on a retry", async () => {
    let owner = "lena";
    let writes = 0;
    const { tickets, desk } = await deskWith((operation, data) => {
      if (operation === "TicketSearch") return data["DynamicField"] === undefined ? {} : { TicketID: ["7"] };
      if (operation === "TicketHistoryGet") {
        const line = {
          HistoryType: "CustomerUpdate",
          Name: "",
          CreateBy: 2,
          CreateTime: "2026-11-23 08:00:00",
          ArticleID: 0,
        };
        return { TicketHistory: [{ TicketID: "7", History: [line] }] };
      }
      if (operation === "TicketUpdate") {
        writes += 1;
        if (writes === 1) return refusal("TicketUpdate.AccessDenied", "secret");
        owner = (data["Ticket"] as { CustomerUser: string }).CustomerUser;
      }
      if (operation === "TicketGet") return { Ticket: [rawTicket("7", { CustomerUserID: owner })] };
      return undefined;
    });
    const sent = draft();
    await expect(tickets.create(sent, ctx)).rejects.toMatchObject({
      code: "unavailable",
      message: expect.not.stringContaining("secret"),
    });
    expect(await tickets.create(sent, ctx)).toMatchObject({ id: "7" });
    expect(owner).toBe("ana@example.org");
    expect(desk.asked.filter((asked) => asked.endsWith("/TicketUpdate"))).toHaveLength(2);
  });

  test("is unavailable if the queue is gone, and so is every list", async () => {
    const { tickets } = await deskWith((operation) =>
      operation === "TicketCreate"
        ? refusal("TicketCreate.InvalidParameter", "Ticket->Queue parameter is invalid!")
        : undefined,
    );
    await expect(tickets.create(draft(), ctx)).rejects.toMatchObject({ code: "unavailable" });
    await expect(tickets.list!({ filter: "all" }, ctx)).rejects.toMatchObject({ code: "unavailable" });
    await expect(tickets.counts!(ctx)).rejects.toMatchObject({ code: "unavailable" });
  });
});

describe("a file", () => {
  const file = { FileID: 1, Filename: "../račun.pdf", ContentType: "application/pdf", FilesizeRaw: 5, Content: "" };
  const article = (id: string, more: object = {}) =>
    rawArticle(id, { Attachment: [{ ...file, Content: btoa("words"), ...more }] });

  test("is read with the smaller of the files before and after it", async () => {
    const asked: unknown[] = [];
    const articles = [article("11", { FilesizeRaw: 5000 }), article("12"), article("13")];
    const { adapter } = await deskWith(
      (operation, data) => {
        if (operation !== "TicketGet") return undefined;
        if (data["ArticleLimit"] !== undefined) asked.push([data["ArticleOrder"], data["ArticleLimit"]]);
        return { Ticket: [rawTicket("7", { Article: articles })] };
      },
      { files: { hold: async () => expect.fail(), find: async () => undefined, release: async () => undefined } },
    );
    const got = (await adapter.uploads!.download!("7-13-1", ctx)) as File;
    expect([got.name, got.type, await got.text()]).toEqual(["račun.pdf", "application/pdf", "words"]);
    await adapter.uploads!.download!("7-11-1", ctx);
    expect(asked).toEqual([
      ["DESC", 1],
      ["ASC", 1],
    ]);
    for (const id of ["7-14-1", "7-13-2", "7-13", "8-13-1-1", "7-13-1\n"]) {
      await expect(adapter.uploads!.download!(id, ctx)).rejects.toMatchObject({ code: "not-found" });
    }
  });

  test("is not fetched if it is too large", async () => {
    const { adapter, desk } = await deskWith(
      (operation) => {
        const one = article("11", { FilesizeRaw: limits.FILE_BYTES + 1 });
        return operation === "TicketGet" ? { Ticket: [rawTicket("7", { Article: [one] })] } : undefined;
      },
      { files: { hold: async () => expect.fail(), find: async () => undefined, release: async () => undefined } },
    );
    await expect(adapter.uploads!.download!("7-11-1", ctx)).rejects.toMatchObject({ code: "too-large" });
    expect(desk.asked.filter((asked) => asked.endsWith("/TicketGet"))).toHaveLength(1);
  });
});

describe("the feed", () => {
  test("reports a change in the same second as a poll", async () => {
    let articles = [rawArticle("11")];
    const { adapter } = await deskWith((operation, { TicketID: ids }) => {
      if (operation === "TicketSearch") return { TicketID: ["7"] };
      return operation === "TicketGet" && ids ? { Ticket: [rawTicket("7", { Article: articles })] } : undefined;
    });
    const next = feedOf(adapter);
    expect((await next()).events).toEqual([]);
    articles = [
      ...articles,
      rawArticle("12", { SenderType: "agent", CreateBy: 4, From: "Nina Agent <nina@example.org>" }),
    ];
    const told: Changes["events"][number][] = [];
    while (told.length < 2) told.push(...(await next()).events);
    expect(told).toMatchObject([
      {
        key: "ana@example.org",
        event: { type: "message", message: { text: "Words 12", author: { name: "Nina Agent" } } },
      },
      { key: "ana@example.org", event: { type: "ticket", ticket: { updatedBy: "agent" } } },
    ]);
  });

  test("starts anew if there are too many changes since the cursor", async () => {
    const { adapter } = await deskWith((operation, data) => {
      const many = Array.from({ length: 1001 }, (_, index) => String(index + 1));
      return operation === "TicketSearch" && data["TicketLastChangeTimeNewerDate"] ? { TicketID: many } : undefined;
    });
    await expect(feedOf(adapter, "sxk1c0.a11")()).rejects.toMatchObject({ code: "stale-cursor" });
    await expect(feedOf(adapter, "sxk1c0.x11")()).rejects.toMatchObject({ code: "invalid" });
  });
});
