import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { access } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright";
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject } from "vitest";
import type { Agent } from "../../demo/desk/agents.ts";
import { type Demo, type DemoOptions, startDemo } from "../../demo/server.ts";
import type { CallContext, Ticket, TicketDraft } from "../../src/core/contract/adapter.ts";
import { axeViolations } from "./axe.ts";
import { isFirefox, launch } from "./engine.ts";

export const desktop: BrowserContextOptions = { viewport: { width: 1100, height: 820 }, locale: "sl-SI" };
export const phone: BrowserContextOptions = {
  viewport: { width: 360, height: 640 },
  locale: "sl-SI",
  // Firefox can't emulate a phone, only its size and touch.
  hasTouch: true,
  ...(isFirefox ? {} : { isMobile: true }),
};

export const isBundle = process.env["BUILD"] === "bundle";

const ana: CallContext = { signal: new AbortController().signal, locale: "sl", member: { id: "ana" } };
const nina: Agent = { id: "nina", name: "Nina", languages: ["en"] };

export interface World {
  readonly demo: Demo;
  readonly directory: string;
  /** Ana's call context, as a gateway passes it to the desk. */
  readonly ana: CallContext;
  /** The agent for direct calls of `demo.desk.agents`. */
  readonly nina: Agent;
  /** Opens a page in a separate browser context. */
  visit(path?: string, options?: BrowserContextOptions): Promise<Page>;
  /** Errors thrown by pages; there must be none at the end. */
  takeThrown(): readonly string[];
  /** Opens a page with a custom tag: `data-podpora-<name>` for each setting. Ana can sign in in the widget. */
  visitTag(settings: Readonly<Record<string, string>>, body?: string): Promise<Page>;
  /** Another tab of the same browser. */
  tab(page: Page): Promise<Page>;
  /** A ticket of Ana's that an agent may answer, created without the widget. */
  ticket(title: string, text?: string, more?: Partial<TicketDraft>): Promise<Ticket>;
  /** Writes as an agent: a reply, a question that waits for the member, or an internal note. */
  agentWrites(ticketId: string, text: string, kind?: "reply" | "question" | "note"): void;
  /** Reads the desk's database directly. */
  rows(sql: string, ...values: SQLInputValue[]): Record<string, unknown>[];
  /** Opens the agent's page, signed in. */
  agent(name?: string): Promise<Page>;
  /** Restarts the demo with the same data and port. */
  restart(): Promise<void>;
}

/** A desk, a gateway and a real browser. After each test, no page may have thrown, and axe checks the open ones. */
export function createWorld(form: Pick<DemoOptions, "fields" | "hours"> = {}): World {
  let browser: Browser;
  let demo: Demo;
  let directory: string;
  let contexts: BrowserContext[] = [];
  let thrown: string[] = [];

  beforeAll(async () => {
    browser = await launch(inject("browser"));
  });
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), "podpora-"));
    demo = await startDemo({ directory, port: 0, ...form });
    contexts = [];
    thrown = [];
  });
  afterEach(async () => {
    try {
      for (const page of contexts.flatMap((context) => context.pages())) {
        if (page.url().startsWith("http")) await expectNoAxeViolations(page);
      }
      expect(thrown).toEqual([]);
    } finally {
      for (const context of contexts) await context.close();
      await demo.close();
      // The upload store creates its directory in the background: this call queues behind it.
      await access(directory);
      rmSync(directory, { recursive: true, force: true });
    }
  });
  afterAll(() => browser.close());

  async function open(options: BrowserContextOptions) {
    const context = await browser.newContext(options);
    contexts.push(context);
    // The single-file bundle: the whole suite can run with it (npm run test:bundle).
    if (isBundle)
      await context.route("**/podpora/podpora.js", (route) => route.fulfill({ path: "dist/podpora.bundle.js" }));
    context.on("weberror", (error) => thrown.push(error.error().stack ?? String(error.error())));
    return await context.newPage();
  }

  async function visit(path = "/", options = desktop) {
    const page = await open(options);
    await page.goto(new URL(path, demo.origin).href);
    return page;
  }

  return {
    ana,
    nina,
    get demo() {
      return demo;
    },
    get directory() {
      return directory;
    },
    visit,
    takeThrown: () => thrown.splice(0),
    async visitTag(settings, body = "") {
      const page = await open(desktop);
      const attributes = Object.entries(settings).map(([name, value]) => `data-podpora-${name}="${value}"`);
      const tag = `<script async src="/podpora/podpora.js" ${attributes.join(" ")}></script>`;
      const html = `<!doctype html><html lang="sl"><head><meta charset="utf-8" /><title>A site</title>${tag}</head><body><main><h1>A page of the site</h1>${body}</main></body></html>`;
      await page.context().route("**/tag.html*", (route) => route.fulfill({ contentType: "text/html", body: html }));
      await page.goto(`${demo.origin}/tag.html?page=2&token=s3cret`);
      return page;
    },
    async tab(page) {
      const other = await page.context().newPage();
      await other.goto(page.url());
      return other;
    },
    ticket: (title, text = "Opis.", more = {}) =>
      demo.desk.adapter.tickets.create({ clientId: randomUUID(), title, text, locale: "sl", ...more }, ana),
    agentWrites(ticketId, text, kind = "reply") {
      demo.desk.agents.tickets.write(nina, ticketId, { clientId: randomUUID(), text }, kind);
    },
    rows(sql, ...values) {
      const database = new DatabaseSync(join(directory, "desk.sqlite"), { readOnly: true });
      try {
        return database.prepare(sql).all(...values);
      } finally {
        database.close();
      }
    },
    async agent(name = "nina") {
      const page = await visit("/agent/", { viewport: { width: 1100, height: 820 } });
      await page.getByLabel("Username").fill(name);
      await page.getByLabel("Password").fill(`${name}-demo`);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("button", { name: "Sign out" }).waitFor();
      return page;
    },
    async restart() {
      const port = Number(new URL(demo.origin).port);
      await demo.close();
      demo = await startDemo({ directory, port, ...form });
    },
  };
}

async function expectNoAxeViolations(page: Page): Promise<void> {
  expect(await axeViolations(page), page.url()).toEqual([]);
}

/** Opens the panel by its button, and waits for its content. */
export async function openHelp(page: Page, name = "Pomoč"): Promise<void> {
  await page.getByRole("button", { name, exact: true }).click();
  await panelFilled(page);
}

/** The dialog opens immediately; its content follows. */
export async function panelFilled(page: Page): Promise<void> {
  await page.locator("podpora-widget [part=panel]:not([aria-busy])").waitFor();
}

/** Signs in with the widget's form. */
export async function signIn(page: Page, username = "ana"): Promise<void> {
  await openHelp(page);
  const form = page.getByRole("form", { name: "Prijavite se v svoj račun" });
  await form.getByLabel("Uporabniško ime").fill(username);
  await form.getByLabel("Geslo").fill(`${username}-demo`);
  await form.getByRole("button", { name: "Prijava" }).click();
}

/** Ana signs in at the host page, not in the widget. */
export async function signInAtSite(page: Page): Promise<void> {
  await page.getByLabel("Uporabniško ime").fill("ana");
  await page.getByLabel("Geslo").fill("ana-demo");
  await page.getByRole("button", { name: "Prijava" }).click();
  await page.getByText("Pozdravljeni, Ana Novak").waitFor();
}

/** A guest of the English page, from the button to the queue. */
export async function joinQueue(page: Page, name: string, question: string): Promise<void> {
  await openHelp(page, "Help");
  await tab(page, "Live chat").click();
  await page.getByRole("textbox", { name: "What is your name?" }).fill(name);
  await page.getByRole("textbox", { name: "Email address" }).fill("guest@example.org");
  await page.getByRole("textbox", { name: "How can we help?" }).fill(question);
  await page.getByRole("button", { name: "Start chat" }).click();
  await page.getByRole("heading", { name: "You’re in the queue" }).waitFor();
}

export const tab = (page: Page, name: string) => page.getByRole("tab", { name });
