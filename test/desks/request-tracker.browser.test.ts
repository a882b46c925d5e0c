import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { requestTracker } from "../../src/adapters/request-tracker/index.ts";
import { filesIn } from "../../src/gateway/index.ts";
import { temporaryFolder } from "../demo/folder.ts";
import { backendOf, customFieldsOf, newUser, reply, tokenOf, url } from "./request-tracker-desk.ts";
import { openSite, type Site } from "./site.ts";
import { signIn, submitIssue } from "./submit-issue.ts";

describe.skipIf(!inject("desks").includes("request-tracker"))(
  "Request Tracker, from the button on a page",
  async () => {
    const folder = await temporaryFolder();
    const backend = backendOf(() => 0);
    let site: Site;

    beforeAll(async () => {
      const adapter = requestTracker({
        url,
        token: tokenOf("gateway"),
        queue: "Support",
        fields: ["Product"],
        files: filesIn(join(folder.path, "held")),
        pollMs: 500,
      });
      site = await openSite(adapter);
    });
    afterAll(async () => {
      await site.close();
      await folder.remove();
    });

    test("a member's ticket with a picture arrives in RT, and the agent's question shows in the panel and is answered", async () => {
      const { username, password, member } = await newUser();
      const page = await site.visit();
      await signIn(page, username, password);
      const text = "I click »Pay«.\n<b>Error</b> 🙂";
      const issue = { title: "The order cannot be sent", text, picture: "zaslon č.png" };
      const id = await submitIssue(page, issue, async () =>
        page.getByRole("combobox", { name: "Product" }).selectOption("Mobile"),
      );

      const made = await backend.ticket(id);
      expect(made).toMatchObject({ text, memberId: member.id, status: "open" });
      expect(made?.title).toContain("The order cannot be sent");
      expect(made?.attachments).toMatchObject([{ name: "zaslon č.png", type: "image/png" }]);
      expect(made?.attachments[0]?.bytes.length).toBeGreaterThan(0);
      expect((await customFieldsOf(id))["Product"]).toEqual(["Mobile"]);

      await page.getByRole("button", { name: "View this issue" }).click();
      const log = page.getByRole("log");
      await log.getByText("<b>Error</b>").waitFor();
      await backend.addNote?.(id, "Seen this before.");
      await reply(id, "Which **browser** do you use?", { Status: "stalled" });
      await log.getByText("Which **browser** do you use?").waitFor();
      await page.getByRole("textbox", { name: "Your reply" }).fill("Firefox.");
      await page.getByRole("button", { name: "Send" }).click();
      const last = async () => (await backend.ticket(id))?.messages.findLast((message) => message.text !== "")?.text;
      await expect.poll(last, { timeout: 10_000 }).toBe("Firefox.");
      await expect.poll(async () => (await backend.ticket(id))?.status, { timeout: 10_000 }).toBe("open");
      expect(await log.innerText()).not.toContain("Seen this before.");
      await site.expectClean(page);
    });
  },
);
