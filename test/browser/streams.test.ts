import type { Page } from "playwright";
import { expect, onTestFinished, test } from "vitest";
import { heldBack } from "./held-back.ts";
import { createWorld, joinQueue } from "./world.ts";

/** A network that blocks only event streams, as is common in offices. */
const world = createWorld();

const words = (page: Page, text: string) =>
  page.getByRole("log", { name: "Conversation" }).getByText(text, { exact: true });
const notice = (page: Page) => page.getByText("Live updates aren’t available on this network.");

test("behind a proxy that buffers streams no message is lost; a notice is shown until streams work again", async () => {
  const agent = await world.agent();
  const guests = await Promise.all(
    (["head", "body"] as const).map(async (part) => {
      const proxy = await heldBack(world.demo.origin, part);
      onTestFinished(() => proxy.close());
      const page = await world.visit();
      await page.goto(`${proxy.origin}/en.html`);
      await joinQueue(page, part, `Held back: the ${part}`);
      return { part, page, proxy };
    }),
  );
  for (const { part } of guests) {
    await agent.getByRole("button", { name: `Take the chat of ${part}` }).click();
    // The previous chat is still open for a moment.
    const chat = agent.getByRole("article", { name: part });
    await chat.getByRole("textbox", { name: "Message" }).fill(`Hello, ${part}`);
    await agent.keyboard.press("Enter");
  }
  for (const { part, page } of guests) {
    await page.getByRole("heading", { name: /with Nina/ }).waitFor();
    await words(page, `Hello, ${part}`).waitFor();
    await notice(page).waitFor();
    expect(await page.getByText("Connection lost").count()).toBe(0);
  }
  for (const { proxy } of guests) proxy.letThrough();
  for (const { page } of guests) await notice(page).waitFor({ state: "hidden", timeout: 45_000 });
  for (const { page, part } of guests) expect(await words(page, `Hello, ${part}`).count()).toBe(1);
}, 120_000);
