import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { mailbox } from "../../src/adapters/mailbox/index.ts";
import type { Member } from "../../src/core/contract/adapter.ts";
import { temporaryFolder } from "../demo/folder.ts";
import { mailboxDesk } from "./mailbox-desk.ts";
import { openSite, type Site } from "./site.ts";
import { submitIssue } from "./submit-issue.ts";

const folder = await temporaryFolder();
const vera: Member = { id: "site-vera", name: "Vera Novak", email: "vera@example.org" };

describe.skipIf(!inject("desks").includes("mailbox"))("A mailbox, from the button on a page", () => {
  const desk = mailboxDesk("browser", folder.path);
  let site: Site;

  beforeAll(async () => {
    site = await openSite(mailbox({ ...desk.options, fields: [] }));
  });
  afterAll(async () => {
    await site.close();
    await folder.remove();
  });

  test("a member's issue with a picture arrives at the desk by mail, and the reply by mail shows in the panel", async () => {
    const page = await site.visit(vera);
    await page.getByRole("button", { name: "Help", exact: true }).click();
    const text = "I click »Pay«.\n<b>Error</b> 🙂";
    const issue = { title: "The order cannot be sent", text, picture: "zaslon č.png" };
    const number = await submitIssue(page, issue, async () => undefined);
    await desk.delivered();
    const mails = await desk.mails(desk.desk);
    const mail = mails.at(-1)?.mail;
    expect(mail?.from?.value).toMatchObject([{ name: "Vera Novak" }]);
    expect(mail?.subject).toContain(`The order cannot be sent [#${number}-`);
    expect(mail?.text).toContain(text);
    expect(mail?.text).toContain("Member: Vera Novak <vera@example.org>");
    expect(mail?.attachments).toMatchObject([{ filename: "zaslon č.png", contentType: "image/png" }]);

    await page.getByRole("button", { name: "View this issue" }).click();
    await page.getByRole("log").getByText("<b>Error</b>").waitFor();
    await desk.answer(number.toLowerCase(), { html: "<p>Which <b>browser</b> do you use?</p>" });
    await page.getByRole("log").getByText("Which browser do you use?").waitFor();
    await page.getByRole("textbox", { name: "Your reply" }).fill("Firefox.");
    await page.getByRole("button", { name: "Send" }).click();
    const last = async () => (await desk.mails(desk.desk)).at(-1)?.mail.text?.trim();
    await expect.poll(last, { timeout: 10_000 }).toBe("Firefox.");
    await site.expectClean(page);
  });
});
