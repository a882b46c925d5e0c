import type { Page } from "playwright";
import { expect, onTestFinished, test } from "vitest";
import { heldBack } from "./held-back.ts";
import { createWorld, joinQueue } from "./world.ts";

/** A network on which no stream of events gets through, though everything else does: it is common in offices. */
const world = createWorld();

const words = (page: Page, text: string) =>
  page.getByRole("log", { name: "Conversation" }).getByText(text, { exact: true });
const notice = (page: Page) => page.getByText("Live updates don’t get through here.");

test("a proxy that holds the stream back takes no word of the agent's away; it is said, and not said any more when it works", async () => {
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
    // The chat before it is still open for a moment.
    const chat = agent.getByRole("article", { name: part });
    await chat.getByRole("textbox", { name: "Message" }).fill(`Hello, ${part}`);
    await agent.keyboard.press("Enter");
  }
  for (const { part, page } of guests) {
    await page.getByRole("heading", { name: /with Nina/ }).waitFor();
    await words(page, `Hello, ${part}`).waitFor();
    await notice(page).waitFor();
    expect(await page.getByText("The connection was lost").count()).toBe(0);
  }
  for (const { proxy } of guests) proxy.letThrough();
  for (const { page } of guests) await notice(page).waitFor({ state: "hidden", timeout: 45_000 });
  for (const { page, part } of guests) expect(await words(page, `Hello, ${part}`).count()).toBe(1);
}, 120_000);
