import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import type Axe from "axe-core";
import { Hono } from "hono";
import { chromium, type Browser, type Page } from "playwright";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { redmine } from "../../src/adapters/redmine/index.ts";
import { assetsFrom, createGateway } from "../../src/gateway/index.ts";
import { findChromium } from "../browser/chromium.ts";
import { png } from "../browser/made-pictures.ts";
import { password, redmineDesk } from "./redmine-desk.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const site = `<!doctype html><html lang="en"><head><meta charset="utf-8" /><title>A site</title>
<script async src="/podpora/podpora.js" data-podpora-locale="en"></script></head><body><main><h1>A page of the site</h1></main></body></html>`;

describe.skipIf(!inject("desks").includes("redmine"))("Redmine, from the button on a page", () => {
  const desk = redmineDesk("elsewhere");
  const directory = mkdtempSync(join(tmpdir(), "podpora-"));
  const gateway = createGateway({
    adapter: redmine(desk.options),
    basePath: "/podpora",
    secret: "no secret of anybody's, and 32 bytes long",
    guests: false,
    access: { tickets: "members" },
    assets: assetsFrom(new URL("../../dist/", import.meta.url)),
    uploads: { directory },
  });
  const app = new Hono();
  app.get("/", (c) => c.html(site));
  app.all("/podpora/*", (c) => gateway.fetch(c.req.raw, c.env));
  let server: ReturnType<typeof serve>;
  let browser: Browser;
  let origin = "";

  beforeAll(async () => {
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
    rmSync(directory, { recursive: true, force: true });
  });

  test("a member's issue with a picture stands in Redmine, and the agent's answer shows in the panel", async () => {
    const login = `vera-${crypto.randomUUID().slice(0, 8)}`;
    await desk.makeUser(login, { firstname: "Vera", lastname: "Novak" });
    const page = await browser.newPage({ locale: "en-GB" });
    const thrown: string[] = [];
    page.on("pageerror", (error) => thrown.push(String(error)));
    await page.goto(origin);
    await page.getByRole("button", { name: "Help", exact: true }).click();
    const form = page.getByRole("form", { name: "Sign in to your account" });
    await form.getByLabel("User name").fill(login);
    await form.getByLabel("Password").fill(password);
    await form.getByRole("button", { name: "Sign in" }).click();

    await page.getByRole("button", { name: "Submit a new tech issue" }).click();
    await page.getByRole("textbox", { name: "Title" }).fill("The order cannot be sent");
    await page.getByRole("textbox", { name: "What happened?" }).fill("I click »Pay«.\n<b>Error</b> 🙂");
    await page.getByRole("textbox", { name: "Region" }).fill("Gorenjska");
    const picture = png(64, 48);
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Choose files" }).click();
    await (await chooser).setFiles({ name: "zaslon č.png", mimeType: "image/png", buffer: picture });
    await page.getByRole("button", { name: "Submit Tech Issue", exact: true }).click();
    const thanks = await page.getByText(/Your issue has the number \d+/).innerText();
    const id = /\d+/.exec(thanks)?.[0] ?? "";

    const issue = await desk.issue(id);
    expect(issue.author.name).toBe("Vera Novak");
    expect(issue.subject).toContain("The order cannot be sent");
    expect(issue.description.replaceAll("\r\n", "\n")).toBe("I click »Pay«.\n<b>Error</b> 🙂");
    expect(issue.custom_fields.find(({ name }) => name === "Region")?.value).toBe("Gorenjska");
    const [stored] = issue.attachments;
    expect(stored).toMatchObject({ filename: "zaslon č.png", content_type: "image/png" });
    const download = await desk.call(`/attachments/download/${stored?.id ?? ""}`);
    expect(Buffer.from(await download.arrayBuffer()).length).toBeGreaterThan(0);

    await page.getByRole("button", { name: "Show this issue" }).click();
    await page.getByRole("log").getByText("<b>Error</b>").waitFor();
    await desk.change(id, { notes: "Which **browser** do you use?", status_id: await desk.statusId("Feedback") });
    await page.getByRole("log").getByText("Which browser do you use?").waitFor();
    await page.getByRole("textbox", { name: "Your reply" }).fill("Firefox.");
    await page.getByRole("button", { name: "Send" }).click();
    await expect.poll(async () => (await desk.issue(id)).journals.at(-1)?.notes, { timeout: 10_000 }).toBe("Firefox.");
    expect((await desk.issue(id)).status.name).toBe("In Progress");

    expect(await axeViolations(page)).toEqual([]);
    expect(thrown).toEqual([]);
  });
});

async function axeViolations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe);
  return await page.evaluate(async () => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the script above has put there
    const { violations } = await (window as unknown as { axe: typeof Axe }).axe.run(document);
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join("; ")}`);
  });
}
