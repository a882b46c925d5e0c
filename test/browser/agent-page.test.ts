import { readFile } from "node:fs/promises";
import { once } from "node:events";
import { createRequire } from "node:module";
import { extname, join } from "node:path";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import type { Browser, Page } from "playwright";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { createAgentApi } from "../../demo/desk/agent-api.ts";
import { launch } from "./engine.ts";
import { ana, boris, by, draft, nina, picture, present, request, seededDesk, ticketDraft } from "../demo/desk.ts";

const policy = [
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'",
  "form-action 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
].join("; ");
const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};
const pixel = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
  "base64",
);

describe("the agent's page", () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launch(inject("browser"));
  });
  afterAll(async () => {
    await browser.close();
  });

  /** The page under a strict content policy, with a separate desk. */
  async function opened(size = { width: 1200, height: 800 }) {
    const stage = await seededDesk();
    const app = new Hono();
    app.route("/agent/api", createAgentApi(stage.desk.agents));
    app.get("/agent/*", async (c) => {
      const path = c.req.path === "/agent/" ? "index.html" : c.req.path.slice("/agent/".length);
      return c.body(new Uint8Array(await readFile(join(".demo/agent", path))), 200, {
        "Content-Type": types[extname(path)] ?? "application/octet-stream",
        "Content-Security-Policy": policy,
      });
    });
    const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" });
    await once(server, "listening");
    const { port } = v.parse(v.object({ port: v.number() }), server.address());
    const context = await browser.newContext({ viewport: size });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(`http://127.0.0.1:${port}/agent/`);
    return {
      ...stage,
      page,
      complaints,
      async signIn() {
        await page.getByLabel("Username").fill("nina");
        await page.getByLabel("Password").fill("nina-demo");
        await page.keyboard.press("Enter");
        await page.getByText("Available for chat").waitFor();
        await page.getByText("Naročila ni mogoče obdelati").waitFor();
      },
      async [Symbol.asyncDispose]() {
        await context.close();
        server.close();
        if ("closeAllConnections" in server) server.closeAllConnections();
        await stage[Symbol.asyncDispose]();
      },
    };
  }

  test("shows an error for a wrong password, and signs in with the right one", async () => {
    await using desk = await opened();
    await desk.page.getByLabel("Username").fill("nina");
    await desk.page.getByLabel("Password").fill("wrong");
    await desk.page.getByRole("button", { name: "Sign in" }).click();
    await desk.page.getByRole("alert").getByText("username or password is incorrect").waitFor();
    expect(await violations(desk.page)).toEqual([]);
    await desk.signIn();
    await expect.poll(async () => (await desk.chat.availability(by(ana))).open).toBe(true);
    await desk.page.getByRole("switch", { name: "Available for chat" }).click();
    await expect.poll(async () => (await desk.chat.availability(by(ana))).open).toBe(false);
    await desk.page.getByRole("button", { name: "Sign out" }).click();
    await desk.page.getByRole("button", { name: "Sign in" }).waitFor();
    expect(await desk.page.evaluate(() => sessionStorage.length)).toBe(0);
  });

  test("takes a chat from the queue, exchanges messages, asks for a ticket and ends the chat", async () => {
    await using desk = await opened();
    const { chat, page } = desk;
    const { id } = await chat.open(request("Kje je moje naročilo?"), by(ana));
    await desk.signIn();
    await page.getByRole("button", { name: "Take the chat of Ana Novak" }).click();
    await page.getByRole("heading", { name: "Chat with Ana Novak" }).waitFor();
    await page.getByLabel("Message", { exact: true }).fill("Hello <b>Ana</b>");
    await page.keyboard.press("Enter");
    const log = page.getByRole("log");
    await log.getByText("Hello <b>Ana</b>").waitFor();
    await chat.setTyping(id, true, by(ana));
    await page.getByText("Ana Novak is typing…").waitFor();
    await chat.send(id, draft("<img src=x onerror=alert(1)> Živjo"), by(ana));
    await log.getByText("<img src=x onerror=alert(1)> Živjo").waitFor();
    await page.getByRole("button", { name: "Ask for a ticket" }).click();
    await page.getByText("The member was asked to file a ticket").waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole("button", { name: "End chat" }).click();
    await page.getByText("This chat has ended.").waitFor();

    expect(await chat.current(by(ana))).toBeUndefined();
    const transcript = desk.desk.agents.chat.transcript(id);
    expect(transcript.conversation).toMatchObject({ status: "ended", ticketRequested: true, unread: 0 });
    expect(transcript.messages.map(({ text }) => text)).toContain("Hello <b>Ana</b>");
    expect(desk.complaints).toEqual([]);
  });

  test("handles several chats: new messages in the others are counted, those shown are read", async () => {
    await using desk = await opened();
    const { chat, page } = desk;
    const [anas, boriss] = [
      await chat.open(request("Prvo vprašanje"), by(ana)),
      await chat.open(request("Second question"), by(boris)),
    ];
    const marks: string[] = [];
    const told = (async () => {
      for await (const event of chat.events(anas.id, undefined, by(ana))) {
        if (event.type === "delivered" || event.type === "read") marks.push(`${event.type} ${event.messageId}`);
        if (event.type === "conversation" && event.conversation.status === "ended") return;
      }
    })();
    await desk.signIn();
    await page.getByText("Silver · Slovenian").waitFor();
    await page.getByRole("button", { name: "Take the chat of Ana Novak" }).click();
    await page.getByRole("heading", { name: "Chat with Ana Novak" }).waitFor();
    await page.getByRole("button", { name: "Take the chat of Boris Kranjc" }).click();
    await page.getByRole("heading", { name: "Chat with Boris Kranjc" }).waitFor();

    // Delivered while the page shows another chat, and read once it is shown.
    const sent = await chat.send(anas.id, draft("Ste še tam?"), by(ana));
    await page.getByRole("link", { name: /Ana Novak.*1 unread/ }).waitFor();
    await expect.poll(() => marks.at(-1)).toBe(`delivered ${sent.id}`);
    await page.getByRole("link", { name: /Ana Novak.*1 unread/ }).click();
    await expect.poll(() => marks.at(-1)).toBe(`read ${sent.id}`);
    await page.getByText("Tickets of Ana Novak (4)").click();
    expect(await violations(page)).toEqual([]);

    await page.getByLabel("Message", { exact: true }).fill("Yes");
    await page.keyboard.press("Enter");
    await page.getByRole("log").getByText("Yes", { exact: true }).waitFor();
    const answer = desk.desk.agents.chat.transcript(anas.id).messages.at(-1);
    expect(await page.getByText("Read by the member").count()).toBe(0);
    await chat.markRead(anas.id, answer?.id ?? "", by(ana));
    await page.getByText("Read by the member").waitFor();
    await page.getByRole("button", { name: "End chat" }).click();
    await told;
    expect(new Set(marks).size).toBe(marks.length);

    await chat.open(request("Še nekaj"), by(ana));
    await page.getByRole("button", { name: "Take the chat of Ana Novak" }).click();
    // The ended chat was shown until now, with one other chat of Ana's.
    await page.getByLabel("Message", { exact: true }).waitFor();
    await page.getByText("Earlier chats of Ana Novak (1)").click();
    await page.getByRole("link", { name: "Prvo vprašanje" }).click();
    await page.getByText("This chat has ended.").waitFor();
    expect((await chat.current(by(boris)))?.id).toBe(boriss.id);
    expect(desk.complaints).toEqual([]);
  });

  test("inserts canned answers by keyboard, starting with the member's language", async () => {
    await using desk = await opened();
    const { chat, page } = desk;
    const { id } = await chat.open(request(), by(ana));
    await desk.signIn();
    await page.getByRole("button", { name: "Take the chat of Ana Novak" }).click();
    const writing = page.getByLabel("Message", { exact: true });
    await writing.pressSequentially("/");
    await expect.poll(() => page.getByRole("option").count()).toBe(5);
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press("ArrowDown");
    expect(await page.getByRole("option", { selected: true }).textContent()).toContain("/trenutek");
    await writing.pressSequentially("mom");
    expect(await page.getByRole("option").count()).toBe(1);
    await page.keyboard.press("Enter");
    expect(await writing.inputValue()).toBe("One moment, please: I am looking into it.");
    expect(await page.getByRole("option").count()).toBe(0);
    expect(desk.desk.agents.chat.transcript(id).messages).toHaveLength(1);
    await page.keyboard.press("Enter");
    await page.getByRole("log").getByText("One moment, please").waitFor();
    await writing.pressSequentially("/b");
    await page.getByRole("option").first().waitFor();
    await page.keyboard.press("Escape");
    expect(await page.getByRole("option").count()).toBe(0);
    expect(await writing.inputValue()).toBe("/b");
    expect(desk.complaints).toEqual([]);
  });

  test("transfers a chat to an available colleague, and returns one to the queue", async () => {
    await using desk = await opened();
    const { chat, page } = desk;
    await chat.open(request(), by(ana));
    await desk.signIn();
    await page.getByRole("button", { name: "Take the chat of Ana Novak" }).click();
    await page.getByRole("button", { name: "Transfer" }).press("Enter");
    const dialog = page.getByRole("dialog", { name: "Transfer this chat" });
    await dialog.getByText("No colleague is available for chats.").waitFor();
    await page.keyboard.press("Escape");
    const oto = await present(desk, "oto");
    await page.getByRole("button", { name: "Transfer" }).press("Enter");
    await dialog.getByRole("button", { name: "Oto" }).waitFor();
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Oto" }).press("Enter");
    await page.getByText("Oto has this chat.").waitFor();
    expect(await chat.current(by(ana))).toMatchObject({ status: "active", agent: { id: "oto" } });

    const { id } = await chat.open(request(), by(boris));
    await page.getByRole("button", { name: "Take the chat of Boris Kranjc" }).click();
    await page.getByRole("button", { name: "Transfer" }).click();
    await dialog.getByRole("button", { name: "Back to the front of the queue" }).click();
    await page.getByText("No agent has taken this chat yet.").waitFor();
    expect(await chat.current(by(boris))).toMatchObject({ id, status: "queued", position: 1 });

    // Another agent is faster, and the page says so.
    await page.route("**/agent/api/conversations/*/take", async (route) => {
      desk.desk.agents.chat.take(oto.agent, id);
      await route.continue();
    });
    await page.getByRole("button", { name: "Take", exact: true }).click();
    await page.getByRole("alert").getByText("Another agent has this conversation.").waitFor();
    await page.getByText("Oto has this chat.").waitFor();
    expect(() => desk.desk.agents.chat.end(nina, id)).toThrow(expect.objectContaining({ code: "forbidden" }));
  });

  test("works on a ticket: a note for agents, a question that waits for the member, and resolving it", async () => {
    await using desk = await opened();
    const { page, tickets, uploads } = desk;
    const file = await uploads.upload(picture(new Uint8Array(pixel), "Zaslon č.png"), by(ana));
    const made = { ...ticketDraft("Slovenščina - Slika", "Glejte **sliko**"), attachments: [file.id] };
    const ticket = await tickets.create(made, by(ana));
    await desk.signIn();
    await page.getByRole("link", { name: "Slovenščina - Slika" }).click();
    const thumbnail = page.getByRole("button", { name: "Save Zaslon č.png" }).locator("img");
    await expect.poll(() => thumbnail.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1);

    await page.getByText("Internal note", { exact: true }).click();
    await page.getByPlaceholder("Write to the other agents").fill("The old fault.");
    await page.getByRole("button", { name: "Internal note" }).click();
    await page.getByText("members never see it").waitFor();
    await page.getByText("Ask for feedback", { exact: true }).click();
    await page.getByPlaceholder("Write to Ana Novak").fill("Which browser?");
    await page.keyboard.press("Control+Enter");
    await page.locator(".facts").getByText("Awaiting").waitFor();
    expect((await tickets.get(ticket.id, by(ana))).status).toBe("awaiting");

    await tickets.reply(ticket.id, draft("Firefox."), by(ana));
    await page.getByText("Firefox.").waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole("button", { name: "Resolve", exact: true }).click();
    await expect.poll(async () => (await tickets.get(ticket.id, by(ana))).status).toBe("resolved");
    const seen = await tickets.thread(ticket.id, undefined, by(ana));
    const lines = seen.items.map(({ change, text }) => change?.status ?? text).join("; ");
    expect(lines).toBe("Glejte **sliko**; Which browser?; awaiting; Firefox.; open; resolved");

    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save Zaslon č.png" }).click();
    const path = await (await saved).path();
    expect(await readFile(path)).toEqual(pixel);
    expect(desk.complaints).toEqual([]);
  });

  test("sends a picture in the text, and text copied from an e-mail", async () => {
    await using desk = await opened();
    const { page, tickets, uploads } = desk;
    const ticket = await tickets.create(ticketDraft("Slovenščina - Slika"), by(ana));
    await desk.signIn();
    await page.getByRole("link", { name: "Slovenščina - Slika" }).click();
    const writing = page.getByPlaceholder("Write to Ana Novak");
    await writing.fill("Like this:");
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Attach files" }).click();
    await (
      await chooser
    ).setFiles([
      { name: "gumb [1].png", mimeType: "image/png", buffer: pixel },
      { name: "virus.png", mimeType: "image/png", buffer: Buffer.from("<!doctype html>") },
      { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("Notes") },
    ]);
    const files = page.getByRole("list", { name: "Attached files" });
    await page.getByRole("button", { name: "Remove notes.txt" }).waitFor();
    // The file that is not a picture was refused, with an error.
    await page.getByRole("alert").getByText("The desk did not accept this.").waitFor();
    expect(await files.getByRole("listitem").count()).toBe(2);
    await page.getByRole("button", { name: "Remove notes.txt" }).click();
    await page.getByRole("button", { name: "Show in the text gumb [1].png" }).click();
    await writing.evaluate((area: HTMLTextAreaElement) => {
      const data = new DataTransfer();
      data.setData("text/html", "<p>Press <b>OK</b>,<script>alert(1)</script> then *wait*.</p><ul><li>one<li>two</ul>");
      data.setData("text/plain", "Press OK");
      area.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    });
    await expect.poll(() => writing.inputValue()).toContain("- two");
    expect(await violations(page)).toEqual([]);
    await page.getByRole("button", { name: "Reply" }).click();
    await expect.poll(() => writing.inputValue()).toBe("");

    const answer = (await tickets.thread(ticket.id, undefined, by(ana))).items.at(-1);
    const [sent] = answer?.attachments ?? [];
    expect(answer?.attachments).toMatchObject([{ name: "gumb [1].png", bytes: pixel.length, type: "image/png" }]);
    expect(answer?.text).toContain(`![gumb 1.png](attachment:${sent?.id})`);
    expect(answer?.text).toMatch(/^Like this:\n\n!.*\n\nPress \*\*OK\*\*, then \\\*wait\\\*\.\n\n- one\n- two$/);
    expect(Buffer.from(await (await uploads.download(sent?.id ?? "", by(ana))).arrayBuffer())).toEqual(pixel);
    const shown = page.getByRole("region", { name: "Messages" }).locator("img");
    await expect.poll(() => shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1);
    expect(await shown.getAttribute("alt")).toBe("gumb 1.png");
    expect(desk.complaints.filter((one) => !one.includes("422"))).toEqual([]);
  });

  test("shows the context, the form's answers, the rating and the member's other tickets", async () => {
    await using desk = await opened();
    const { chat, page, tickets } = desk;
    await desk.signIn();
    await page.getByRole("link", { name: "Naročila ni mogoče obdelati" }).click();
    await page.getByText("Order number: BR-204816").waitFor();
    await page.getByText("Where it happened").click();
    await page.getByText("https://example.org/kosarica").waitFor();
    await page.getByText("TypeError: total is undefined").waitFor();
    await page.getByText("Other tickets of Ana Novak (3)").click();
    expect(await violations(page)).toEqual([]);
    await page.getByRole("link", { name: "#1001 Slovenščina - Gesla" }).click();
    await page.getByText("Rated 5 of 5").waitFor();
    expect(await page.getByRole("region", { name: "Messages" }).locator(".change").count()).toBe(3);
    await page.getByRole("button", { name: "Reopen" }).click();
    await page.getByRole("button", { name: "Resolve", exact: true }).waitFor();
    const { items } = await tickets.list({ filter: "open", search: "#1001" }, by(ana));
    expect(items).toMatchObject([{ number: "1001", updatedBy: "agent" }]);
    expect(await violations(page)).toEqual([]);

    await chat.open({ ...request("Kako kaže?"), ticketId: items[0]?.id ?? "" }, by(ana));
    await page.getByRole("button", { name: "Take the chat of Ana Novak" }).click();
    await page.getByRole("link", { name: "About #1001" }).click();
    await page.getByRole("heading", { name: "Gesla ni mogoče ponastaviti" }).waitFor();
    expect(desk.complaints).toEqual([]);
  });

  test("deletes a ticket after confirmation, and tells another agent who has it open", async () => {
    await using desk = await opened();
    const { page, tickets } = desk;
    const [ticket, other] = [
      await tickets.create(ticketDraft("Slovenščina - Odveč"), by(ana)),
      await tickets.create(ticketDraft("Slovenščina - Tudi odveč"), by(ana)),
    ];
    await desk.signIn();
    await page.getByRole("link", { name: "Slovenščina - Odveč" }).click();
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByRole("dialog", { name: `Delete ticket #${ticket.number}?` }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    expect(await tickets.get(ticket.id, by(ana))).toMatchObject({ id: ticket.id });
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "Delete", exact: true }).press("Enter");
    await page.getByRole("button", { name: "Delete for good" }).press("Enter");
    await page.getByText("Choose a chat or a ticket").waitFor();
    expect(await page.getByRole("alert").textContent()).toBe("");
    await expect(tickets.get(ticket.id, by(ana))).rejects.toMatchObject({ code: "not-found" });

    await page.getByRole("link", { name: "Slovenščina - Tudi odveč" }).click();
    await page.getByRole("button", { name: "Attach files" }).waitFor();
    desk.complaints.splice(0);
    await desk.desk.agents.tickets.remove(other.id);
    await page.getByRole("alert").getByText("This is not here any more.").waitFor();
    await page.getByText("Choose a chat or a ticket").waitFor();
    expect(await page.getByRole("link", { name: "odveč" }).count()).toBe(0);
  });

  test("keeps the text if the desk does not accept it, and sends it once", async () => {
    await using desk = await opened();
    const { page } = desk;
    await desk.signIn();
    await page.getByRole("link", { name: "Naročila ni mogoče obdelati" }).click();
    const writing = page.getByPlaceholder("Write to Ana Novak");
    await writing.fill("We look into it.");
    const route = "**/agent/api/tickets/*/messages";
    // The desk receives it, but its answer is lost.
    await page.route(route, async (one) => {
      await one.fetch();
      await one.abort();
    });
    await page.getByRole("button", { name: "Reply" }).click();
    await page.getByRole("alert").getByText("Nothing that you wrote is lost").waitFor();
    expect(await writing.inputValue()).toBe("We look into it.");
    await page.unroute(route);
    await page.getByRole("button", { name: "Reply" }).click();
    await expect.poll(() => writing.inputValue()).toBe("");
    expect(await page.getByRole("region", { name: "Messages" }).getByText("We look into it.").count()).toBe(1);
  });

  test.each(["light", "dark"] as const)("fits a small phone and is readable in %s mode", async (colorScheme) => {
    await using desk = await opened({ width: 360, height: 640 });
    const { page } = desk;
    await page.emulateMedia({ colorScheme });
    await desk.signIn();
    expect(await violations(page)).toEqual([]);
    await page.getByRole("link", { name: "Naročila ni mogoče obdelati" }).click();
    await page.getByRole("button", { name: "Resolve", exact: true }).waitFor();
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    await page.getByRole("link", { name: "All work" }).click();
    await page.getByRole("heading", { name: "Chat queue" }).waitFor();
  });
});

/** The violations that axe finds. Uses the DevTools protocol, as the page's policy blocks injected scripts. */
async function violations(page: Page): Promise<unknown> {
  const debug = await page.context().newCDPSession(page);
  const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  await debug.send("Runtime.evaluate", { expression: axe });
  const { result } = await debug.send("Runtime.evaluate", {
    expression:
      "axe.run().then((found) => found.violations.map(({ id, nodes }) => [id, nodes.map((one) => one.html)]))",
    awaitPromise: true,
    returnByValue: true,
  });
  await debug.detach();
  return result.value;
}
