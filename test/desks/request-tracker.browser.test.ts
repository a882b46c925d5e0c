import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import type Axe from "axe-core";
import { Hono } from "hono";
import { chromium, type Browser, type Page } from "playwright";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { requestTracker } from "../../src/adapters/request-tracker/index.ts";
import { assetsFrom, createGateway, filesIn } from "../../src/gateway/index.ts";
import { findChromium } from "../browser/chromium.ts";
import { png } from "../browser/made-pictures.ts";
import { temporaryFolder } from "../demo/folder.ts";
import { backendOf, customFieldsOf, newUser, reply, tokenOf, url } from "./request-tracker-desk.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const site = `<!doctype html><html lang="en"><head><meta charset="utf-8" /><title>A site</title>
<script async src="/podpora/podpora.js" data-podpora-locale="en"></script></head><body><main><h1>A page of the site</h1></main></body></html>`;

describe.skipIf(!inject("desks").includes("request-tracker"))(
  "Request Tracker, from the button on a page",
  async () => {
    const folder = await temporaryFolder();
    const backend = backendOf(() => 0);
    let gateway: ReturnType<typeof createGateway>;
    let server: ReturnType<typeof serve>;
    let browser: Browser;
    let origin = "";

    beforeAll(async () => {
      gateway = createGateway({
        adapter: requestTracker({
          url,
          token: tokenOf("gateway"),
          queue: "Support",
          fields: ["Product"],
          files: filesIn(join(folder.path, "held")),
          pollMs: 500,
        }),
        basePath: "/podpora",
        secret: "no secret of anybody's, and 32 bytes long",
        guests: false,
        access: { tickets: "members" },
        assets: assetsFrom(new URL("../../dist/", import.meta.url)),
        uploads: { directory: join(folder.path, "uploads") },
      });
      const app = new Hono();
      app.get("/", (c) => c.html(site));
      app.all("/podpora/*", (c) => gateway.fetch(c.req.raw, c.env));
      origin = await new Promise<string>((resolve) => {
        server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, ({ port }) =>
          resolve(`http://127.0.0.1:${port}`),
        );
      });
      const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"];
      browser = await chromium.launch({ executablePath: findChromium(), args });
    });
    afterAll(async () => {
      await browser.close();
      if ("closeAllConnections" in server) server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await gateway.dispose();
      await folder.remove();
    });

    test("a member's ticket with a picture stands in RT, and the agent's question shows in the panel and is answered", async () => {
      const { username, password, member } = await newUser();
      const page = await browser.newPage({ locale: "en-GB" });
      const thrown: string[] = [];
      page.on("pageerror", (error) => thrown.push(String(error)));
      await page.goto(origin);
      await page.getByRole("button", { name: "Help", exact: true }).click();
      const form = page.getByRole("form", { name: "Sign in to your account" });
      await form.getByLabel("User name").fill(username);
      await form.getByLabel("Password").fill(password);
      await form.getByRole("button", { name: "Sign in" }).click();

      await page.getByRole("button", { name: "Submit a new tech issue" }).click();
      await page.getByRole("textbox", { name: "Title" }).fill("The order cannot be sent");
      await page.getByRole("textbox", { name: "What happened?" }).fill("I click »Pay«.\n<b>Error</b> 🙂");
      await page.getByRole("combobox", { name: "Product" }).selectOption("Mobile");
      const picture = png(64, 48);
      const chooser = page.waitForEvent("filechooser");
      await page.getByRole("button", { name: "Choose files" }).click();
      await (await chooser).setFiles({ name: "zaslon č.png", mimeType: "image/png", buffer: picture });
      await page.getByRole("button", { name: "Submit Tech Issue", exact: true }).click();
      const thanks = await page.getByText(/Your issue has the number \d+/).innerText();
      const id = /\d+/.exec(thanks)?.[0] ?? "";

      const made = await backend.ticket(id);
      expect(made).toMatchObject({ text: "I click »Pay«.\n<b>Error</b> 🙂", memberId: member.id, status: "open" });
      expect(made?.title).toContain("The order cannot be sent");
      expect(made?.attachments).toMatchObject([{ name: "zaslon č.png", type: "image/png" }]);
      expect(made?.attachments[0]?.bytes.length).toBeGreaterThan(0);
      expect((await customFieldsOf(id))["Product"]).toEqual(["Mobile"]);

      await page.getByRole("button", { name: "Show this issue" }).click();
      const log = page.getByRole("log");
      await log.getByText("<b>Error</b>").waitFor();
      await backend.addNote?.(id, "Seen this before.");
      await reply(id, "Which **browser** do you use?", { Status: "stalled" });
      await log.getByText("Which browser do you use?").waitFor();
      await page.getByRole("textbox", { name: "Your reply" }).fill("Firefox.");
      await page.getByRole("button", { name: "Send" }).click();
      const last = async () => (await backend.ticket(id))?.messages.findLast(({ text }) => text !== "")?.text;
      await expect.poll(last, { timeout: 10_000 }).toBe("Firefox.");
      await expect.poll(async () => (await backend.ticket(id))?.status, { timeout: 10_000 }).toBe("open");
      expect(await log.innerText()).not.toContain("Seen this before.");

      expect(await axeViolations(page)).toEqual([]);
      expect(thrown).toEqual([]);
    });
  },
);

async function axeViolations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe);
  return await page.evaluate(async () => {
    const { violations } = await (window as unknown as { axe: typeof Axe }).axe.run(document);
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join("; ")}`);
  });
}
