import type { Page } from "playwright";
import { expect, test } from "vitest";
import { createWorld, joinQueue, openHelp, phone } from "./world.ts";

/** What only a real browser has: layout, media and a clock. */
const world = createWorld();

const log = (page: Page) => page.getByRole("log", { name: "Conversation" });
const box = (page: Page) => page.getByRole("textbox", { name: "Message" });
const belowEnd = (page: Page) =>
  log(page).evaluate(({ scrollHeight, scrollTop, clientHeight }) =>
    Math.round(scrollHeight - scrollTop - clientHeight),
  );

async function longConversation() {
  const agent = await world.agent();
  const page = await world.visit("/en.html");
  await joinQueue(page, "Vera", "Where is my order?");
  await agent.getByRole("button", { name: "Take the chat of Vera" }).click();
  await page.getByRole("heading", { name: "You’re chatting with Nina" }).waitFor();
  const [{ id } = { id: "" }] = world.rows("SELECT id FROM conversations");
  const say = (text: string) =>
    void world.demo.desk.agents.chat.say(world.nina, String(id), { clientId: crypto.randomUUID(), text });
  for (let index = 0; index < 40; index += 1) say(`Line ${index}`);
  await log(page).getByText("Line 39", { exact: true }).waitFor();
  await expect.poll(() => belowEnd(page)).toBe(0);
  return { page, say };
}

test("the member's own message scrolls into view and is not counted as new", async () => {
  const { page, say } = await longConversation();
  await log(page).evaluate((element) => (element.scrollTop = 300));
  await expect.poll(() => belowEnd(page)).toBeGreaterThan(200);
  await box(page).fill("here");
  await page.keyboard.press("Enter");
  await expect.poll(() => belowEnd(page)).toBe(0);
  await expect.poll(() => page.getByRole("button", { name: /new message/ }).count()).toBe(0);
  await log(page).evaluate((element) => (element.scrollTop = 300));
  say("And this is news");
  await page.getByRole("button", { name: "1 new message below" }).waitFor();
});

test("content that grows after rendering keeps the end in view", async () => {
  const { page } = await longConversation();
  await log(page).evaluate((element) => {
    const last = element.lastElementChild;
    if (last instanceof HTMLElement) last.style.minHeight = "400px";
  });
  await expect.poll(() => belowEnd(page)).toBe(0);
});

test.each([15, -15])("a device whose clock is %i minutes ahead shows the right wait in the queue", async (minutes) => {
  await world.agent();
  const page = await world.visit("/en.html");
  await page.addInitScript((ahead) => {
    const RealDate = Date;
    globalThis.Date = class extends RealDate {
      constructor(...given: [] | [number | string]) {
        super(...((given.length > 0 ? given : [RealDate.now() + ahead]) as [number]));
      }
      static override now() {
        return RealDate.now() + ahead;
      }
    } as DateConstructor;
  }, minutes * 60_000);
  await page.reload();
  await joinQueue(page, "Vera", "Where is my order?");
  await page.getByRole("heading", { name: "You’re in the queue" }).waitFor();
  expect(await page.getByText("Sorry for the wait").count()).toBe(0);
});

test("on a phone the sheet is modal, and the page is restored when it is closed", async () => {
  const page = await world.visit("/en.html", phone);
  await openHelp(page, "Help");
  const dialog = page.getByRole("dialog");
  await expect.poll(() => dialog.getAttribute("aria-modal")).toBe("true");
  const inert = () => page.evaluate(() => document.querySelectorAll("body > [inert]").length);
  expect(await inert()).toBeGreaterThan(0);
  await dialog.getByRole("button", { name: "Close", exact: true }).click();
  await expect.poll(inert).toBe(0);
});
