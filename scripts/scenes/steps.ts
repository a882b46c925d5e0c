import { randomUUID } from "node:crypto";
import type { Page } from "playwright";
import type { Demo } from "../../demo/server.ts";
import type { Ticket } from "../../src/core/contract/adapter.ts";

export const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name, exact: true });
export const box = (page: Page, name: string | RegExp) => page.getByRole("textbox", { name });
export const overview = (page: Page) => page.getByRole("heading", { name: "Moje tehnične težave" });
export const rows = (page: Page) =>
  page.getByRole("list", { name: "Moje tehnične težave" }).getByRole("button").first();
export const log = (page: Page) => page.getByRole("log", { name: "Sporočila" });

export async function openHelp(page: Page, name = "Pomoč"): Promise<void> {
  await button(page, name).click();
  await page.getByRole("dialog").waitFor();
}

export async function signIn(page: Page, username = "ana"): Promise<void> {
  await openHelp(page);
  const form = page.getByRole("form", { name: "Prijavite se v svoj račun" });
  await form.getByLabel("Uporabniško ime").fill(username);
  await form.getByLabel("Geslo").fill(`${username}-demo`);
  await form.getByRole("button", { name: "Prijava" }).click();
}

/** Opens the ticket form as Ana. */
export async function openForm(page: Page): Promise<void> {
  await signIn(page);
  await overview(page).waitFor();
  await button(page, "Prijavi novo tehnično težavo").click();
  await box(page, "Naslov zahtevka").waitFor();
}

export interface Payload {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** A real picture that a desk can decode. */
export async function picture(page: Page, name = "posnetek zaslona.png"): Promise<Payload> {
  const buffer = await page.screenshot({ clip: { x: 0, y: 0, width: 320, height: 200 } });
  return { name, mimeType: "image/png", buffer };
}

export async function choose(page: Page, files: readonly Payload[], by = "Izberi datoteke"): Promise<void> {
  const chooser = page.waitForEvent("filechooser");
  await button(page, by).click();
  await (await chooser).setFiles([...files]);
}

/** Changes the language in the account menu. */
export async function speak(page: Page, tag: string): Promise<void> {
  await button(page, "Vaš račun").click();
  await page.getByRole("combobox", { name: "Jezik" }).selectOption(tag);
  await page.locator(`podpora-widget [lang=${tag}]`).first().waitFor();
  await page.keyboard.press("Escape");
}

/** Navigates as a link on the site would. */
export async function goTo(page: Page, route: string): Promise<void> {
  await page.evaluate((to) => (location.hash = `podpora=${to}`), route);
}

const ana = { signal: new AbortController().signal, locale: "sl", member: { id: "ana" } };
const nina = { id: "nina", name: "Nina", languages: ["en"] };

export const ticketOf = (demo: Demo, title: string, text: string): Promise<Ticket> =>
  demo.desk.adapter.tickets.create(
    { clientId: randomUUID(), title: `Slovenščina - ${title}`, text, locale: "sl", fields: { category: "web" } },
    ana,
  );

export async function ticketNamed(demo: Demo, words: string): Promise<Ticket> {
  const { items } = await demo.desk.adapter.tickets.list({ filter: "all", search: words }, ana);
  const [ticket] = items;
  if (!ticket) throw new Error(`no ticket is about "${words}"`);
  return ticket;
}

export function agentWrites(demo: Demo, ticketId: string, text: string, kind: "reply" | "question" = "reply"): void {
  demo.desk.agents.tickets.write(nina, ticketId, { clientId: randomUUID(), text }, kind);
}

export function agentResolves(demo: Demo, ticketId: string): void {
  demo.desk.agents.tickets.setStatus(nina, ticketId, "resolved");
}

/** For good: the member can't reply any more. */
export function agentCloses(demo: Demo, ticketId: string): void {
  demo.desk.agents.tickets.setStatus(nina, ticketId, "closed");
}
