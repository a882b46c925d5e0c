import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { fileTicket } from "../../demo/examples/headless.ts";
import { anasDesk, context } from "../support/scope.ts";

test("a program files a ticket with the widget's models, and the desk receives it", async () => {
  const desk = anasDesk();
  const number = await fileTicket(desk, "The printer is out of paper", "Second floor.");
  const all = await desk.tickets?.list?.({ filter: "all" }, context());
  expect(all?.items.map((ticket) => [ticket.number, ticket.title])).toEqual([[number, "The printer is out of paper"]]);
});

test("a desk without tickets causes an error", async () => {
  await expect(fileTicket({ name: "chat alone" }, "x", "y")).rejects.toThrow("takes no tickets");
});

test("docs/headless.md shows the example unchanged", () => {
  const page = readFileSync("docs/headless.md", "utf8");
  const code = readFileSync("demo/examples/headless.ts", "utf8").replaceAll("../../src/core/index.ts", "podpora/core");
  expect(page).toContain(
    code.slice(code.indexOf("/** What a browser is")).replaceAll("../../src/core/chat/chat.ts", "podpora/core"),
  );
});
