import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { znuny } from "../../src/adapters/znuny/index.ts";
import { filesIn } from "../../src/gateway/held-files.ts";
import { temporaryFolder } from "../demo/folder.ts";
import { openSite, type Site } from "./site.ts";
import { signIn, submitIssue } from "./submit-issue.ts";
import { call, newCustomer, options, password, stored, update } from "./znuny-desk.ts";

describe.skipIf(!inject("desks").includes("znuny"))("Znuny, from the button on a page", async () => {
  const folder = await temporaryFolder();
  let site: Site;

  beforeAll(async () => {
    site = await openSite(znuny({ ...options, files: filesIn(folder.path) }));
  });
  afterAll(async () => {
    await site.close();
    await folder.remove();
  });

  test("a member's issue with a picture arrives in Znuny, and the agent's answer shows in the panel", async () => {
    const { username } = await newCustomer();
    const page = await site.visit();
    await signIn(page, username, password);
    const text = "I click »Pay«.\n<b>Error</b> 🙂";
    const issue = { title: "The order cannot be sent", text, picture: "zaslon č.png" };
    const number = await submitIssue(page, issue, async () =>
      page.getByRole("textbox", { name: "Order number" }).fill("12345678"),
    );

    const found = v.parse(
      v.object({ TicketID: v.tuple([v.pipe(v.union([v.string(), v.number()]), v.transform(String))]) }),
      await call("TicketSearch", { TicketNumber: number }),
    );
    const [id] = found.TicketID;
    const atDesk = async () => await stored(id);
    const ticket = await atDesk();
    expect(ticket?.Title).toContain("The order cannot be sent");
    expect(ticket?.CustomerUserID).toBe(username);
    expect(ticket?.Article[0]?.Body).toBe(text);
    expect(ticket?.Article[0]?.Attachment).toMatchObject([{ Filename: "zaslon č.png", ContentType: "image/png" }]);
    expect(ticket?.DynamicField).toContainEqual(expect.objectContaining({ Name: "OrderNumber", Value: "12345678" }));

    await page.getByRole("button", { name: "View this issue" }).click();
    await page.getByRole("log").getByText("<b>Error</b>").waitFor();
    await update(id, "pending reminder", { Body: "Which browser do you use?" });
    await page.getByRole("log").getByText("Which browser do you use?").waitFor();
    await page.getByRole("textbox", { name: "Your reply" }).fill("Firefox.");
    await page.getByRole("button", { name: "Send" }).click();
    await expect.poll(async () => (await atDesk())?.Article.at(-1)?.Body, { timeout: 10_000 }).toBe("Firefox.");
    expect((await atDesk())?.State).toBe("open");
    await site.expectClean(page);
  });
});
