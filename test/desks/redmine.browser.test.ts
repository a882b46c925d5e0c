import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { redmine } from "../../src/adapters/redmine/index.ts";
import { password, redmineDesk } from "./redmine-desk.ts";
import { openSite, type Site } from "./site.ts";
import { signIn, submitIssue } from "./submit-issue.ts";

describe.skipIf(!inject("desks").includes("redmine"))("Redmine, from the button on a page", () => {
  const desk = redmineDesk("elsewhere");
  let site: Site;

  beforeAll(async () => {
    site = await openSite(redmine(desk.options));
  });
  afterAll(async () => await site.close());

  test("a member's issue with a picture arrives in Redmine, and the agent's reply shows in the panel", async () => {
    const login = `vera-${crypto.randomUUID().slice(0, 8)}`;
    await desk.makeUser(login, { firstname: "Vera", lastname: "Novak" });
    const page = await site.visit();
    await signIn(page, login, password);
    const text = "I click »Pay«.\n<b>Error</b> 🙂";
    const id = await submitIssue(page, { title: "The order cannot be sent", text, picture: "zaslon č.png" }, async () =>
      page.getByRole("textbox", { name: "Region" }).fill("Gorenjska"),
    );

    const issue = await desk.issue(id);
    expect(issue.author.name).toBe("Vera Novak");
    expect(issue.subject).toContain("The order cannot be sent");
    expect(issue.description.replaceAll("\r\n", "\n")).toBe(text);
    expect(issue.custom_fields.find(({ name }) => name === "Region")?.value).toBe("Gorenjska");
    const [stored] = issue.attachments;
    expect(stored).toMatchObject({ filename: "zaslon č.png", content_type: "image/png" });
    const download = await desk.call(`/attachments/download/${stored?.id ?? ""}`);
    expect(Buffer.from(await download.arrayBuffer()).length).toBeGreaterThan(0);

    await page.getByRole("button", { name: "View this issue" }).click();
    await page.getByRole("log").getByText("<b>Error</b>").waitFor();
    await desk.change(id, { notes: "Which **browser** do you use?", status_id: await desk.statusId("Feedback") });
    await page.getByRole("log").getByText("Which browser do you use?").waitFor();
    await page.getByRole("textbox", { name: "Your reply" }).fill("Firefox.");
    await page.getByRole("button", { name: "Send" }).click();
    await expect.poll(async () => (await desk.issue(id)).journals.at(-1)?.notes, { timeout: 10_000 }).toBe("Firefox.");
    expect((await desk.issue(id)).status.name).toBe("In Progress");
    await site.expectClean(page);
  });
});
