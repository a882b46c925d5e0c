import type { IncomingMessage, ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { redmine } from "../../src/adapters/redmine/index.ts";
import { requestTracker } from "../../src/adapters/request-tracker/index.ts";
import { limits } from "../../src/adapter/limits.ts";
import { redmineAnswers } from "./fake-redmine.ts";
import { fakeDesk, sendJson } from "../../src/testing/index.ts";

const ctx = () => ({
  signal: AbortSignal.timeout(15_000),
  locale: "en",
  member: { id: "ana", email: "ana@example.org" },
});
const MIB = 1024 * 1024;
const files = { hold: () => expect.fail(), find: async () => undefined, release: async () => undefined };

/** Sends until the client disconnects. Returns how much was accepted. */
function endless(answer: ServerResponse, head: string, headers: Record<string, string>): () => number {
  const chunk = Buffer.alloc(64 * 1024, "A");
  let sent = 0;
  answer.writeHead(200, headers).write(head);
  const more = (): void => {
    while (!answer.destroyed && sent < 400 * MIB) {
      sent += chunk.length;
      if (!answer.write(chunk)) return void answer.once("drain", more);
    }
  };
  more();
  return () => sent;
}

describe("Request Tracker", () => {
  /** A ticket of Ana's with one file, with a declared length (`attachment`) and content (`whole`). */
  async function deskWith(length: number, whole: (answer: ServerResponse) => void) {
    const desk = await fakeDesk();
    const time = "2026-01-01T00:00:00Z";
    const ticket = {
      id: "7",
      Subject: "x",
      Status: "open",
      Created: time,
      LastUpdated: time,
      Requestor: [{ id: "ana", EmailAddress: "ana@example.org" }],
    };
    const row = {
      id: "5",
      TransactionId: "3",
      Filename: "../račun.pdf",
      ContentType: "application/pdf",
      ContentLength: length,
      Headers: "",
    };
    const list = (...items: object[]) => ({ items, count: items.length, total: items.length });
    desk.answer((call: IncomingMessage, answer: ServerResponse) => {
      const path = new URL(call.url ?? "", "http://x").pathname.replace("/REST/2.0", "");
      if (path === "/tickets") sendJson(answer, list(ticket));
      else if (path === "/attachments") sendJson(answer, list(row));
      else if (path === "/transactions")
        sendJson(answer, list({ id: "3", Type: "Create", ObjectId: "7", Created: time }));
      else if (path === "/attachment/5") whole(answer);
      else sendJson(answer, list());
    });
    const adapter = requestTracker({ url: desk.url, token: "1-29-abcdef", queue: "Support", files });
    return { desk, download: async () => await adapter.uploads!.download!("7-5", ctx()) };
  }

  test("a file comes with its name, its type and its bytes", async () => {
    const bytes = Buffer.alloc(3 * MIB, "račun");
    const Content = bytes.toString("base64").replaceAll(/.{76}/g, "$&\n");
    const { download } = await deskWith(bytes.length, (answer) => sendJson(answer, { Content }));
    const file = (await download()) as File;
    expect([file.name, file.type, file.size]).toEqual(["račun.pdf", "application/pdf", bytes.length]);
    expect(Buffer.from(await file.arrayBuffer()).equals(bytes)).toBe(true);
  });

  test("one over the limit is too large, and is not fetched", async () => {
    const { desk, download } = await deskWith(limits.FILE_BYTES + 1, () => expect.fail());
    await expect(download()).rejects.toMatchObject({ code: "too-large" });
    expect(desk.asked.filter((asked) => asked.includes("/attachment/"))).toEqual([]);
  });

  test("one longer than RT says is not read further", async () => {
    let sent = (): number => 0;
    const { download } = await deskWith(
      5,
      (answer) => (sent = endless(answer, '{"Content":"', { "Content-Type": "application/json" })),
    );
    await expect(download()).rejects.toMatchObject({ code: "unknown" });
    expect(sent()).toBeLessThan(2 * limits.FILE_BYTES);
  });

  test("one with invalid base64 is an unknown answer", async () => {
    const { download } = await deskWith(5, (answer) => sendJson(answer, { Content: "<html>" }));
    await expect(download()).rejects.toMatchObject({ code: "unknown" });
  });
});

describe("Redmine", () => {
  async function deskWith(size: number, whole: (answer: ServerResponse) => void) {
    const desk = await fakeDesk();
    const attachment = {
      id: 5,
      filename: "../račun.pdf",
      filesize: size,
      content_type: "application/pdf",
      // Never followed.
      content_url: "https://elsewhere.example.org/attachments/download/5/x",
      author: { id: 11, name: "Ana" },
    };
    desk.answer(
      redmineAnswers((path, answer) => {
        if (path === "/attachments/5.json") sendJson(answer, { attachment });
        else if (path === "/attachments/download/5") whole(answer);
        else return false;
        return true;
      }),
    );
    const options = { project: "help", tracker: "Support", role: "Customer" };
    const adapter = redmine({ url: desk.url, key: "0123456789abcdef0123456789abcdef01234567", ...options });
    return { desk, download: async () => await adapter.uploads!.download!("5", ctx()) };
  }
  const pdf = { "Content-Type": "application/pdf" };

  test("a file comes with its name, its type and its bytes", async () => {
    const bytes = Buffer.alloc(3 * MIB, "račun");
    const { download } = await deskWith(bytes.length, (answer) => void answer.writeHead(200, pdf).end(bytes));
    const file = (await download()) as File;
    expect([file.name, file.type, file.size]).toEqual(["račun.pdf", "application/pdf", bytes.length]);
    expect(Buffer.from(await file.arrayBuffer()).equals(bytes)).toBe(true);
  });

  test("one over the limit is too large, and is not fetched", async () => {
    const { desk, download } = await deskWith(limits.FILE_BYTES + 1, () => expect.fail());
    await expect(download()).rejects.toMatchObject({ code: "too-large" });
    expect(desk.asked.filter((asked) => asked.includes("/download/"))).toEqual([]);
  });

  test("one that never ends is not read further", async () => {
    let sent = (): number => 0;
    const { download } = await deskWith(5, (answer) => (sent = endless(answer, "", pdf)));
    await expect(download()).rejects.toMatchObject({ code: "too-large" });
    expect(sent()).toBeLessThan(2 * limits.FILE_BYTES);
  });
});
