import type { Page } from "playwright";
import { expect, test } from "vitest";
import { createWorld, joinQueue, openHelp, tab } from "./world.ts";

/** Several agents and several tabs in one conversation. */
const world = createWorld();

const log = (page: Page) => page.getByRole("log", { name: "Conversation" });
const launcher = (page: Page) => page.getByRole("button", { name: /^Help/ });

/** Records the system notifications that a background page would show. */
async function inBackground(page: Page) {
  await page.context().grantPermissions(["notifications"]);
  await page.evaluate(() => {
    const shown: string[] = [];
    class Shown extends EventTarget {
      static readonly permission = "granted";
      constructor(title: string) {
        super();
        shown.push(title);
      }
    }
    Object.assign(window, { shown, Notification: Shown });
    Object.defineProperty(document, "hidden", { value: true });
  });
}
const shown = (page: Page) => page.evaluate(() => (window as unknown as { shown: string[] }).shown);

test("a chat is transferred to another agent: the member sees the new name, and no message is lost", async () => {
  const nina = await world.agent("nina");
  const oto = await world.agent("oto");
  const page = await world.visit("/en.html");
  await joinQueue(page, "Vera", "Where is my order?");
  await nina.getByRole("button", { name: "Take the chat of Vera" }).click();
  await page.getByRole("heading", { name: "You’re chatting with Nina" }).waitFor();
  await nina.getByRole("button", { name: "Transfer" }).click();
  await nina.getByRole("button", { name: /Oto/ }).click();
  await page.getByRole("heading", { name: "You’re chatting with Oto" }).waitFor();
  await oto
    .getByRole("link", { name: /Vera/ })
    .or(oto.getByRole("button", { name: /Vera/ }))
    .first()
    .click();
  await oto.getByRole("log").getByText("Where is my order?").waitFor();
  await oto.getByRole("textbox").last().fill("I am Oto, and I know where it is.");
  await oto.keyboard.press("Enter");
  await log(page).getByText("I am Oto, and I know where it is.").waitFor();
});

test("the place in the queue survives a reload, another page of the site and a lost network", async () => {
  await world.agent();
  const first = await world.visit("/en.html");
  await joinQueue(first, "Vera", "First");
  const page = await world.visit("/en.html");
  await joinQueue(page, "Zoe", "Second");
  const place = page.locator(".place-number");
  await expect.poll(() => place.innerText()).toBe("2");
  await page.reload();
  await expect.poll(() => place.innerText()).toBe("2");
  await page.goto(`${world.demo.origin}/en.html?page=2`);
  await expect.poll(() => place.innerText()).toBe("2");
  await page.context().setOffline(true);
  await page.context().setOffline(false);
  await first.getByRole("button", { name: "Leave the queue" }).click();
  await expect.poll(() => place.innerText()).toBe("1");
});

test("two tabs notify once that it is the member's turn, and share what was read", async () => {
  const agent = await world.agent();
  const page = await world.visit("/en.html");
  await joinQueue(page, "Vera", "Hi");
  await page.getByRole("checkbox", { name: "Notify me when it’s my turn" }).check();
  const second = await world.tab(page);
  await openHelp(second, "Help");
  await tab(second, "Live chat").click();
  await second.getByRole("heading", { name: "You’re in the queue" }).waitFor();
  for (const each of [page, second]) await inBackground(each);
  await second.getByRole("button", { name: "Close", exact: true }).click();
  await agent.getByRole("button", { name: "Take the chat of Vera" }).click();
  await page.getByRole("heading", { name: "You’re chatting with Nina" }).waitFor();
  await expect
    .poll(async () => [...(await shown(page)), ...(await shown(second))])
    .toEqual(["It’s your turn: Nina is here."]);
  await page.getByRole("button", { name: "Close", exact: true }).click();
  await agent.getByRole("textbox").last().fill("Hello!");
  await agent.keyboard.press("Enter");
  for (const each of [page, second]) await expect.poll(() => launcher(each).locator(".badge").innerText()).not.toBe("");
  await launcher(page).click();
  await log(page).getByText("Hello!").waitFor();
  await expect.poll(() => launcher(second).locator(".badge").isVisible()).toBe(false);
});

test("the agent sees which page the member is on, and the member knows it", async () => {
  const agent = await world.agent();
  const page = await world.visit("/en.html?token=s3cret&page=2");
  await openHelp(page, "Help");
  await tab(page, "Live chat").click();
  await page.getByText("The agent also sees the address of the page you’re on.").waitFor();
  await page.getByRole("button", { name: "Close", exact: true }).click();
  await joinQueue(page, "Vera", "Where is my order?");
  await agent.getByRole("button", { name: "Take the chat of Vera" }).click();
  await agent.getByText(/en\.html/).waitFor();
  expect(await agent.locator("body").innerText()).not.toContain("s3cret");
});

test("a chat whose agent leaves goes to the front of the queue, and the next agent has all messages", async () => {
  const nina = await world.agent("nina");
  const page = await world.visit("/en.html");
  await joinQueue(page, "Vera", "Where is my order?");
  await nina.getByRole("button", { name: "Take the chat of Vera" }).click();
  await page.getByRole("heading", { name: "You’re chatting with Nina" }).waitFor();
  const other = await world.visit("/en.html");
  await joinQueue(other, "Zoe", "Hi");
  await nina.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "You’re in the queue" }).waitFor();
  await expect.poll(() => page.locator(".place-number").innerText()).toBe("1");
  const oto = await world.agent("oto");
  await oto.getByRole("button", { name: "Take the chat of Vera" }).click();
  await page.getByRole("heading", { name: "You’re chatting with Oto" }).waitFor();
  await oto.getByRole("log").getByText("Where is my order?").waitFor();
});

test("a chat is rated with a score and a comment, and the desk has both", async () => {
  const agent = await world.agent();
  const page = await world.visit("/en.html");
  await joinQueue(page, "Vera", "Hi");
  await agent.getByRole("button", { name: "Take the chat of Vera" }).click();
  await page.getByRole("button", { name: "End chat" }).click();
  const form = page.getByRole("form", { name: "How was the support?" });
  await form.getByRole("radio").nth(3).check({ force: true });
  await form.getByRole("textbox").fill("Quick and kind");
  await form.getByRole("button").last().click();
  await page.getByText("Thank you for your rating.").waitFor();
  expect(world.rows("SELECT score, comment FROM conversations")).toEqual([{ score: 4, comment: "Quick and kind" }]);
});
