import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { combine } from "../../src/adapters/combine/index.ts";
import { requestTracker } from "../../src/adapters/request-tracker/index.ts";
import { xmpp } from "../../src/adapters/xmpp/index.ts";
import { filesIn } from "../../src/gateway/index.ts";
import { png } from "../browser/made-pictures.ts";
import { temporaryFolder } from "../demo/folder.ts";
import { backendOf, tokenOf, url } from "./request-tracker-desk.ts";
import { openSite, type Site } from "./site.ts";
import type { XmppAgent } from "./xmpp-agent.ts";
import { xmppServer } from "./xmpp-desk.ts";

const ana = () => ({
  id: `ana-${crypto.randomUUID()}`,
  name: "Ana Novak",
  email: `ana-${crypto.randomUUID().slice(0, 8)}@example.org`,
});

describe.each(["prosody", "ejabberd"] as const)("%s, from the button on a page", (name) => {
  describe.skipIf(!inject("desks").includes(name))("is running", () => {
    const server = xmppServer(name);
    const lobby = `browser-${Date.now()}`;
    let site: Site;
    let nina: XmppAgent;

    beforeAll(async () => {
      const adapter = xmpp(server.options(lobby, { component: `chat-d.${server.domain}` }));
      // Makes the lobby, which an agent may then come into.
      await adapter.chat.availability({ signal: AbortSignal.timeout(15_000), locale: "en" });
      site = await openSite(adapter);
      nina = await server.agent("olga", "Nina", lobby);
    });
    afterAll(async () => {
      await nina.close();
      await site.close();
    });

    test("a member's question reaches the agent's client, with a picture, and the answer shows in the panel", async () => {
      const page = await site.visit(ana());
      await page.getByRole("button", { name: "Help", exact: true }).click();
      await page.getByRole("textbox", { name: "How can we help?" }).fill("Where is my order? 🐎");
      await page.getByRole("button", { name: "Start chat" }).click();
      await page.getByText(/You’re next|first in line|next in line/i).waitFor();

      const lobbyRoom = `${lobby}@${server.rooms}`;
      await expect
        .poll(() =>
          nina
            .heard(lobbyRoom)
            .map(({ text }) => text)
            .join(),
        )
        .toContain("Ana Novak waits – “Where is my order? 🐎”");
      await nina.say(lobbyRoom, "!take");
      await page.getByRole("heading", { name: "You’re chatting with Nina" }).waitFor();
      const [room = ""] = nina.invitations();
      await expect.poll(() => nina.occupants(room)).toContain("Nina");
      nina.typing(room, true);

      await page.getByText(/Nina is typing/).waitFor();
      await nina.say(room, "Which **order** do you mean?");
      const log = page.getByRole("log");
      await log.getByText("Which **order** do you mean?").waitFor();

      await page
        .locator("input[type=file]")
        .first()
        .setInputFiles({ name: "račun č.png", mimeType: "image/png", buffer: png(64, 48) });
      await page.getByRole("textbox", { name: "Message" }).fill("This one.");
      await page.getByRole("button", { name: "Send" }).click();
      await expect.poll(() => nina.heard(room).map(({ text }) => text), { timeout: 10_000 }).toContain("This one.");
      const shown = nina.heard(room).find(({ file }) => file !== undefined)?.file ?? "";
      expect((await fetch(shown)).headers.get("Content-Type")).toBe("image/png");

      const sent = nina.heard(room).find(({ text }) => text === "This one.");
      nina.mark(room, "displayed", sent?.id ?? "");
      await page.getByText("Read", { exact: true }).waitFor();
      await site.expectClean(page);
      await nina.say(room, "!end");
      await page
        .getByText(/has ended|The chat is over/i)
        .first()
        .waitFor();
      await page.close();
    });
  });
});

const together = inject("desks").includes("request-tracker") && inject("desks").includes("ejabberd");
describe.skipIf(!together)("tickets in Request Tracker and chat over ejabberd, in one widget", async () => {
  const server = xmppServer("ejabberd");
  const lobby = `together-${Date.now()}`;
  const folder = await temporaryFolder();
  const backend = backendOf(() => 0);
  let site: Site;
  let nina: XmppAgent;

  beforeAll(async () => {
    const tickets = requestTracker({
      url,
      token: tokenOf("gateway"),
      queue: "Support",
      files: filesIn(join(folder.path, "held")),
      pollMs: 500,
    });
    const chat = xmpp(server.options(lobby, { component: `chat-e.${server.domain}` }));
    await chat.chat.availability({ signal: AbortSignal.timeout(15_000), locale: "en" });
    site = await openSite(combine({ tickets, chat, accounts: tickets }));
    nina = await server.agent("olga", "Nina", lobby);
  });
  afterAll(async () => {
    await nina.close();
    await site.close();
    await folder.remove();
  });

  test("a chat that the agent turns into a ticket arrives in RT with its messages and files, and each record names the other", async () => {
    const member = ana();
    const page = await site.visit(member);
    await page.getByRole("button", { name: "Help", exact: true }).click();
    await page.getByRole("tab", { name: /Live chat/ }).click();
    await page.getByRole("textbox", { name: "How can we help?" }).fill("Naročila ni mogoče oddati.");
    await page.getByRole("button", { name: "Start chat" }).click();
    const lobbyRoom = `${lobby}@${server.rooms}`;
    await expect.poll(() => nina.heard(lobbyRoom).length, { timeout: 10_000 }).toBeGreaterThan(0);
    await nina.say(lobbyRoom, "!take");
    await page.getByRole("heading", { name: "You’re chatting with Nina" }).waitFor();
    const [room = ""] = nina.invitations();
    await expect.poll(() => nina.occupants(room)).toContain("Nina");
    await page
      .locator("input[type=file]")
      .first()
      .setInputFiles({ name: "zaslon č.png", mimeType: "image/png", buffer: png(64, 48) });
    await page.getByRole("textbox", { name: "Message" }).fill("Glejte sliko.");
    await page.getByRole("button", { name: "Send" }).click();
    await expect.poll(() => nina.heard(room).map(({ text }) => text), { timeout: 10_000 }).toContain("Glejte sliko.");
    await nina.say(room, "Please file a ticket in your language.");
    await nina.say(room, "!ticket");

    await page.getByRole("button", { name: "Submit a tech issue", exact: true }).click();
    await page.getByRole("textbox", { name: "Title" }).fill("Naročilo");
    await page.getByRole("textbox", { name: "What happened?" }).fill("Kot v klepetu.");
    await page.getByRole("button", { name: "Submit Tech Issue", exact: true }).click();
    const thanks = await page.getByText(/Your issue number is \d+/).innerText();
    const id = /\d+/.exec(thanks)?.[0] ?? "";

    const record = await backend.ticket(id);
    expect(record?.text).toContain("Kot v klepetu.");
    for (const said of ["Naročila ni mogoče oddati.", "Glejte sliko.", "Please file a ticket in your language."]) {
      expect(record?.text).toContain(said);
    }
    expect(record?.text).toContain(`(${room.split("@")[0]})`);
    expect(record?.attachments.map(({ name }) => name)).toEqual(["zaslon č.png"]);
    await expect
      .poll(
        () =>
          nina
            .heard(room)
            .map(({ text }) => text)
            .join("\n"),
        { timeout: 10_000 },
      )
      .toContain(`filed ticket #${id} from the chat`);
    await site.expectClean(page);
    await page.close();
  });
});
