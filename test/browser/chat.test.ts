import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page, Request } from "playwright";
import { describe, expect, test } from "vitest";
import { png } from "./made-pictures.ts";
import { createWorld, joinQueue, openHelp, signIn, tab } from "./world.ts";

/** Two real pages, the member's and the agent's. */
const world = createWorld();

const log = (page: Page) => page.getByRole("log", { name: /Conversation|Pogovor/ });
const box = (page: Page) => page.getByRole("textbox", { name: "Message" });
const said = () =>
  world
    .rows("SELECT text FROM messages WHERE conversation_id IS NOT NULL AND author_role <> 'system' ORDER BY seq")
    .map(({ text }) => text);

async function say(page: Page, text: string) {
  await box(page).fill(text);
  await page.keyboard.press("Enter");
}

/** Vera, a guest, chats with Nina. */
async function inConversation(name = "Vera") {
  const agent = await world.agent();
  const page = await world.visit("/en.html");
  await joinQueue(page, name, "Where is my order?");
  await agent.getByRole("button", { name: `Take the chat of ${name}` }).click();
  await page.getByRole("heading", { name: "You’re chatting with Nina" }).waitFor();
  return { agent, page };
}

/** Ana, signed in at the site, chats with Nina. */
async function membersConversation() {
  const agent = await world.agent();
  const page = await world.visit();
  await signIn(page);
  await page.getByRole("heading", { name: "Moje tehnične težave" }).waitFor();
  await tab(page, "Klepet").click();
  await page.getByRole("textbox", { name: "Kako vam lahko pomagamo?" }).fill("Kje je moje naročilo?");
  await page.getByRole("button", { name: "Začni klepet" }).click();
  await page.getByRole("button", { name: /Vseeno začni klepet/ }).click();
  await agent.getByRole("button", { name: "Take the chat of Ana Novak" }).click();
  return { agent, page };
}

test("a message shows as sent, delivered and read, as the agent's page receives and shows it", async () => {
  const { agent, page } = await inConversation();
  await agent.goto(`${world.demo.origin}/agent/`);
  await say(page, "Hello?");
  const mark = log(page).locator(".mark");
  await expect.poll(() => mark.innerText()).toMatch(/Sent|Delivered/);
  await agent
    .getByRole("link", { name: /Vera/ })
    .or(agent.getByRole("button", { name: /Vera/ }))
    .first()
    .click();
  await agent.getByText("Hello?").first().waitFor();
  await expect.poll(() => mark.innerText()).toBe("Read");
});

test("scrolling up loads older messages without jumping, and counts new ones below", async () => {
  const { agent, page } = await inConversation();
  const [{ id } = { id: "" }] = world.rows("SELECT id FROM conversations");
  for (let index = 0; index < 120; index++) {
    const draft = { clientId: crypto.randomUUID(), text: `Line ${index}` };
    world.demo.desk.agents.chat.say(world.nina, String(id), draft);
  }
  await log(page).getByText("Line 119", { exact: true }).waitFor();
  await page.reload();
  await log(page).getByText("Line 119", { exact: true }).waitFor();
  expect(await log(page).getByText("Line 0", { exact: true }).count()).toBe(0);
  const top = log(page).getByText("Line 75", { exact: true });
  await top.scrollIntoViewIfNeeded();
  await log(page).evaluate((element) => (element.scrollTop = 100));
  const before = await log(page)
    .getByText(/^Line \d+$/)
    .first()
    .innerText();
  await expect.poll(() => log(page).getByText("Line 40", { exact: true }).count()).toBe(1);
  // What was visible stays visible.
  await expect.poll(() => log(page).getByText(before, { exact: true }).isVisible()).toBe(true);
  await agent.getByRole("log").waitFor();
  world.demo.desk.agents.chat.say(world.nina, String(id), { clientId: crypto.randomUUID(), text: "Newest" });
  await page.getByRole("button", { name: "1 new message below" }).click();
  await expect.poll(() => log(page).getByText("Newest").isVisible()).toBe(true);
});

describe("in the queue", () => {
  test("the member sees how long the place is kept, and is notified when it is their turn", async () => {
    const agent = await world.agent();
    const page = await world.visit("/en.html");
    await page.context().grantPermissions(["notifications"]);
    await page.evaluate(() => {
      const shown: string[] = [];
      Object.assign(window, {
        shown,
        Notification: class extends EventTarget {
          static permission = "granted";
          constructor(title: string) {
            super();
            shown.push(title);
          }
        },
      });
      Object.defineProperty(document, "hidden", { value: true });
    });
    await joinQueue(page, "Vera", "Hi");
    await page.getByText(/we’ll keep your place for \d+ minute/).waitFor();
    await page.getByRole("checkbox", { name: "Notify me when it’s my turn" }).check();
    await agent.getByRole("button", { name: "Take the chat of Vera" }).click();
    await expect
      .poll(() => page.evaluate(() => (window as unknown as { shown: string[] }).shown))
      .toEqual(["It’s your turn: Nina is here."]);
  });

  test("after the site's time limit the queue apologises and offers the issue form with the text", async () => {
    await world.agent();
    const page = await world.visitTag({ "queue-minutes": "0", locale: "en" });
    await openHelp(page, "Help");
    const form = page.getByRole("form", { name: "Sign in to your account" });
    await form.getByLabel("Username").fill("ana");
    await form.getByLabel("Password").fill("ana-demo");
    await form.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "My technical issues" }).waitFor();
    await tab(page, "Live chat").click();
    await page.getByRole("textbox", { name: "How can we help?" }).fill("Where is my order?");
    await page.getByRole("button", { name: "Start chat" }).click();
    await page.getByText(/^Sorry for the wait/).waitFor();
    await page.getByRole("button", { name: "Submit an issue instead" }).click();
    await expect
      .poll(() => page.getByRole("textbox", { name: "What happened?" }).inputValue())
      .toBe("Where is my order?");
  });
});

test("all tabs share one stream: each shows every message once, and another takes over when one closes", async () => {
  const { agent, page } = await inConversation();
  const open = new Set<Request>();
  page.context().on("request", (request) => /conversations\/[^/]+\/events/.test(request.url()) && open.add(request));
  page.context().on("requestfinished", (request) => open.delete(request));
  page.context().on("requestfailed", (request) => open.delete(request));
  await page.reload();
  await log(page).getByText("Where is my order?").waitFor();
  await expect.poll(() => open.size).toBe(1);
  const second = await world.tab(page);
  await openHelp(second, "Help").catch(() => undefined);
  await tab(second, "Live chat").click();
  await log(second).getByText("Where is my order?").waitFor();
  await agent.getByRole("textbox", { name: /Message/ }).fill("One");
  await agent.keyboard.press("Enter");
  for (const each of [page, second])
    await expect.poll(() => log(each).getByText("One", { exact: true }).count()).toBe(1);
  expect(open.size).toBe(1);
  await page.close();
  await expect.poll(() => open.size, { timeout: 2_000 }).toBe(1);
  await agent.getByRole("textbox", { name: /Message/ }).fill("Two");
  await agent.keyboard.press("Enter");
  await expect.poll(() => log(second).getByText("Two", { exact: true }).count()).toBe(1);
  expect(said()).toEqual(["Where is my order?", "One", "Two"]);
});

test("a member's ended chat can be mailed to the address that the site knows", async () => {
  const { page } = await membersConversation();
  await page.getByRole("textbox", { name: "Sporočilo" }).waitFor();
  await page.getByRole("button", { name: "Končaj klepet" }).click();
  await page.getByRole("button", { name: "Pošlji pogovor na moj e-naslov" }).click();
  await page.getByText("Pogovor je na poti na vaš e-naslov.").waitFor();
  const outbox = join(world.directory, "outbox");
  const [mail = ""] = readdirSync(outbox);
  expect(readFileSync(join(outbox, mail), "utf8")).toContain("ana@example.org");
});

test("an ended chat can be saved, also on the next visit; a guest's unverified address gets no mail", async () => {
  const { agent, page } = await inConversation();
  await say(page, "Thank you!");
  await agent.getByText("Thank you!").first().waitFor();
  await page.getByRole("button", { name: "End chat" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save chat" }).click();
  const text = readFileSync(await (await download).path(), "utf8");
  expect(text).toContain("Where is my order?");
  expect(text).toContain("Thank you!");
  expect(await page.getByRole("button", { name: "Email me this chat" }).count()).toBe(0);
  await page.reload();
  await page.getByRole("button", { name: /^Your last chat/ }).click();
  await log(page).getByText("Thank you!").waitFor();
  expect(await box(page).count()).toBe(0);
});

test("the chat moves to a separate tab and back, and the panel says where it is", async () => {
  const { agent, page } = await inConversation();
  const popup = page.context().waitForEvent("page");
  await page.getByRole("button", { name: "Open in a new tab" }).click();
  const own = await popup;
  await log(own).getByText("Where is my order?").waitFor();
  await page.getByRole("heading", { name: "This chat is open in another tab." }).waitFor();
  await say(own, "From the other tab");
  await agent.getByText("From the other tab").first().waitFor();
  await page.getByRole("button", { name: "Continue here" }).click();
  await expect.poll(() => own.isClosed()).toBe(true);
  await log(page).getByText("From the other tab").waitFor();
});

test("the chat becomes a ticket with transcript, files and unsent text, and the two refer to each other", async () => {
  const { agent, page } = await membersConversation();
  const message = page.getByRole("textbox", { name: "Sporočilo" });
  await message.fill("Glejte sliko");
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Priloži datoteke" }).click();
  await (await chooser).setFiles({ name: "račun.png", mimeType: "image/png", buffer: png() });
  await expect.poll(() => page.locator(".chosen progress").count()).toBe(0);
  await agent
    .getByRole("button", { name: /Ask for a ticket|ticket/i })
    .first()
    .click();
  await page.getByRole("button", { name: "Vloži zahtevek" }).click();
  await expect
    .poll(() => page.getByRole("textbox", { name: "Kaj se je zgodilo?" }).inputValue())
    .toBe("Kje je moje naročilo?\n\nGlejte sliko");
  await expect
    .poll(() => page.getByRole("list", { name: "Datoteke" }).locator(".chosen-name").allInnerTexts())
    .toEqual(["račun.png"]);
  await page.getByRole("textbox", { name: "Naslov zahtevka" }).fill("Naročilo");
  await page.getByRole("button", { name: "Prijavi tehnično težavo", exact: true }).click();
  await page.getByText(/Vaš zahtevek ima številko/).waitFor();
  const [ticket] = world.rows("SELECT number, conversation_id FROM tickets ORDER BY number DESC LIMIT 1");
  expect(world.rows("SELECT id FROM conversations")).toEqual([{ id: ticket?.["conversation_id"] }]);
  await tab(page, "Klepet").click();
  await page
    .getByRole("button", { name: `Iz tega klepeta je nastal zahtevek ${String(ticket?.["number"])}` })
    .waitFor();
});
