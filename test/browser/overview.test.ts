import type { Page, Route } from "playwright";
import { describe, expect, test } from "vitest";
import { createWorld, openHelp, signIn, signInAtSite } from "./world.ts";

/** Waiting issues, unread messages, and the list of issues. */
const world = createWorld();

const rows = (page: Page) => page.getByRole("list", { name: "Moje tehnične težave" }).locator(".row-title");
const row = (page: Page, title: string) =>
  page.getByRole("list", { name: "Moje tehnične težave" }).getByRole("button", { name: new RegExp(title) });
const filter = (page: Page, name: string) =>
  page.getByRole("group", { name: "Kateri zahtevki" }).getByRole("button", { name: new RegExp(`^${name}`) });
const count = (where: string) =>
  Number(world.rows(`SELECT count(*) AS n FROM tickets WHERE member_id = 'ana' AND ${where}`)[0]?.["n"]);

test("each list shows the desk's count, live", async () => {
  const page = await world.visit();
  await signIn(page);
  const shown = () => page.getByRole("group", { name: "Kateri zahtevki" }).locator(".count").allInnerTexts();
  const atDesk = () => ["status = 'open'", "status = 'awaiting'", "1 = 1"].map((where) => String(count(where)));
  await expect.poll(shown).toEqual(atDesk());
  const [open] = world.rows("SELECT id FROM tickets WHERE member_id = 'ana' AND status = 'open'");
  const before = count("status = 'awaiting'");
  world.agentWrites(String(open?.["id"]), "Kateri brskalnik uporabljate?", "question");
  expect(count("status = 'awaiting'")).toBe(before + 1);
  await expect.poll(shown).toEqual(atDesk());
});

test("an agent's message is marked unread until the issue is opened, even after a reload", async () => {
  const { id } = await world.ticket("Zemljevid se ne naloži");
  const page = await world.visit();
  await signIn(page);
  await expect.poll(() => row(page, "Zemljevid").innerText()).not.toContain("neprebrano");
  world.agentWrites(id, "Pogledali bomo.");
  await row(page, "Zemljevid.*neprebrano").waitFor();
  await page.reload();
  await row(page, "Zemljevid.*neprebrano").click();
  await page.getByText("Pogledali bomo.").waitFor();
  await page.getByRole("button", { name: "Nazaj na moje zahtevke" }).click();
  await row(page, "Zemljevid").waitFor();
  await expect.poll(() => row(page, "neprebrano").count()).toBe(0);
});

test("the list separates what has changed since the last visit", async () => {
  const page = await world.visit();
  // Three hours ago by the desk's clock, which is the one that counts.
  const threeHoursAgo = async (route: Route) => {
    if (route.request().headers()["accept"]?.includes("text/event-stream")) return route.abort();
    const response = await route.fetch();
    const date = new Date(Date.now() - 3 * 3_600_000).toUTCString();
    return route.fulfill({ response, headers: { ...response.headers(), date } });
  };
  await page.route("**/podpora/**", threeHoursAgo);
  await signIn(page);
  await rows(page).first().waitFor();
  expect(await page.getByText("Novo od vašega zadnjega obiska").count()).toBe(0);
  await page.getByRole("button", { name: "Zapri", exact: true }).click();
  await world.ticket("Nova težava");
  await page.unroute("**/podpora/**", threeHoursAgo);
  await page.reload();
  await page.getByRole("button", { name: /^Pomoč/ }).click();
  await page.getByText("Novo od vašega zadnjega obiska").waitFor();
  const all = await page.getByRole("list", { name: "Moje tehnične težave" }).innerText();
  expect(all.indexOf("Nova težava")).toBeLessThan(all.indexOf("Prej"));
});

test("on the next page the issues are there while the gateway is asked, and a sign-out leaves nothing of them", async () => {
  const page = await world.visit();
  await signIn(page);
  await rows(page).first().waitFor();
  const before = await rows(page).allInnerTexts();
  const answers: (() => void)[] = [];
  let isSilent = true;
  await page.route("**/podpora/{session,tickets}**", async (route) => {
    if (isSilent) await new Promise<void>((resolve) => answers.push(resolve));
    await route.continue();
  });
  await page.reload();
  const updating = page.getByText("Posodabljamo …");
  await updating.waitFor();
  expect(await rows(page).allInnerTexts()).toEqual(before);
  isSilent = false;
  for (const answer of answers) answer();
  await updating.waitFor({ state: "detached" });
  expect(await rows(page).allInnerTexts()).toEqual(before);
  await page.getByRole("button", { name: "Vaš račun" }).click();
  await page.getByRole("button", { name: "Odjava" }).click();
  await page.getByRole("form", { name: "Prijavite se v svoj račun" }).waitFor();
  const left = await page.evaluate(async () => {
    const [{ name = "" } = {}] = await indexedDB.databases();
    const open = indexedDB.open(name);
    await new Promise((resolve) => (open.onsuccess = resolve));
    const keys = open.result.transaction("values").objectStore("values").getAllKeys();
    await new Promise((resolve) => (keys.onsuccess = resolve));
    return keys.result.map(String).filter((key) => key.startsWith("member:"));
  });
  expect(left).toEqual([]);
});

test("a search finds an issue by title, number or messages, ignoring case and accents", async () => {
  const first = await world.ticket("Dostava zamuja", "Paket je obtičal v Škofji Loki.");
  await world.ticket("Napačna velikost čevljev");
  const page = await world.visit();
  await signIn(page);
  await filter(page, "Vsi").click();
  const search = page.getByRole("searchbox", { name: "Poiščite med svojimi zahtevki" });
  for (const words of ["dostava", first.number, "skofji loki"]) {
    await search.fill(words);
    await expect.poll(() => rows(page).allInnerTexts()).toEqual(["Dostava zamuja"]);
  }
  await search.fill(`100%' OR "_`);
  await page.getByRole("heading", { name: "Ni zadetkov" }).waitFor();
  await search.fill("");
  await expect.poll(() => rows(page).count()).toBe(count("1 = 1"));
});

test("a long list loads page by page, without gaps or duplicates", async () => {
  for (let index = 0; index < 45; index++) await world.ticket(`Težava ${index}`);
  const page = await world.visit();
  await signIn(page);
  await filter(page, "Vsi").click();
  await expect.poll(() => rows(page).count()).toBe(20);
  const more = page.getByRole("button", { name: "Prikaži več" });
  await more.click();
  await expect.poll(() => rows(page).count()).toBe(40);
  await more.click();
  await expect.poll(() => rows(page).count()).toBe(count("1 = 1"));
  expect(await more.count()).toBe(0);
  const titles = world.rows("SELECT title FROM tickets WHERE member_id = 'ana' ORDER BY changed DESC");
  expect(await rows(page).allInnerTexts()).toEqual(titles.map(({ title }) => title));
});

describe("the count of issues that wait for the member", () => {
  test("is on the launcher, live, and on the site's next page without opening the panel", async () => {
    const { id } = await world.ticket("Račun ni prišel");
    const page = await world.visit();
    await signInAtSite(page);
    await openHelp(page);
    await rows(page).first().waitFor();
    await page.getByRole("button", { name: "Zapri", exact: true }).click();
    const before = count("status = 'awaiting'");
    const launcher = (waiting: number) =>
      page.getByRole("button", { name: new RegExp(`^Pomoč, ${waiting} stvar`) }).locator(".badge");
    await launcher(before).waitFor();
    world.agentWrites(id, "Na kateri naslov?", "question");
    await expect.poll(() => launcher(before + 1).innerText()).toBe(String(before + 1));
    await page.goto(`${world.demo.origin}/index.html`);
    await expect.poll(() => launcher(before + 1).innerText()).toBe(String(before + 1));
  });

  test("is in the page's title if the site wants it, whatever the site does with the title", async () => {
    const page = await world.visitTag({ "title-count": "on" });
    await signIn(page);
    await expect.poll(() => page.title()).toBe(`(${count("status = 'awaiting'")}) A site`);
    await page.evaluate(() => (document.title = "Another page"));
    await expect.poll(() => page.title()).toBe(`(${count("status = 'awaiting'")}) Another page`);
    await page.evaluate(() => window.Podpora?.("destroy"));
    await expect.poll(() => page.title()).toBe("Another page");
  });

  test("is sent to the page as an event", async () => {
    const { id, number } = await world.ticket("Račun ni prišel");
    const page = await world.visit();
    await page.evaluate(() => {
      const heard: unknown[] = [];
      Object.assign(window, { heard });
      for (const type of ["unread", "ticket:awaiting"])
        window.addEventListener(`podpora:${type}`, (event) => heard.push([type, (event as CustomEvent).detail.data]));
    });
    await signIn(page);
    await rows(page).first().waitFor();
    world.agentWrites(id, "Na kateri naslov?", "question");
    const heard = () => page.evaluate(() => (window as unknown as { heard: unknown[] }).heard);
    await expect.poll(heard).toContainEqual(["ticket:awaiting", { id, number }]);
    await expect.poll(heard).toContainEqual(["unread", { count: count("status = 'awaiting'") }]);
  });
});

describe("a link into the widget", () => {
  const isOpen = (page: Page) => page.getByRole("dialog").isVisible();

  test("opens it at its route; Back closes what it opened, and the page stays", async () => {
    const { id } = await world.ticket("Račun ni prišel");
    const page = await world.visitTag({}, `<a href="#podpora=tickets/${id}">Moj zahtevek</a>`);
    await signIn(page);
    await rows(page).first().waitFor();
    await page.getByRole("button", { name: "Zapri", exact: true }).click();
    const address = page.url();
    await page.getByRole("link", { name: "Moj zahtevek" }).click();
    await page.getByRole("heading", { name: "Račun ni prišel" }).waitFor();
    await page.goBack();
    await expect.poll(() => isOpen(page)).toBe(false);
    expect(page.url()).toBe(address);
    await page.goForward();
    await page.getByRole("heading", { name: "Račun ni prišel" }).waitFor();
  });

  test("is updated as the member moves through the panel, and removed when they close it", async () => {
    const page = await world.visitTag({}, `<a href="#podpora=tickets">Podpora</a>`);
    await signIn(page);
    await rows(page).first().waitFor();
    await page.getByRole("link", { name: "Podpora" }).click();
    const [ticket] = world.rows("SELECT id, title FROM tickets WHERE member_id = 'ana' AND status = 'open'");
    await row(page, String(ticket?.["title"])).click();
    await expect.poll(() => new URL(page.url()).hash).toBe(`#podpora=tickets/${String(ticket?.["id"])}`);
    await page.reload();
    await page.getByRole("heading", { name: String(ticket?.["title"]) }).waitFor();
    await page.getByRole("button", { name: "Zapri", exact: true }).click();
    await expect.poll(() => new URL(page.url()).hash).toBe("");
  });
});

test("a deleted issue disappears from the list; a reader of it is told, and offered the list", async () => {
  const { id } = await world.ticket("Račun ni prišel");
  const page = await world.visit();
  await signIn(page);
  await row(page, "Račun ni prišel").click();
  await page.getByRole("textbox", { name: "Vaš odgovor" }).fill("Še vedno ne");
  await world.demo.desk.agents.tickets.remove(id);
  await page.getByText("To ni več na voljo. Morda je bilo izbrisano ali premaknjeno.").waitFor();
  await page.getByRole("button", { name: "Nazaj na moje zahtevke" }).last().click();
  await rows(page).first().waitFor();
  expect(await row(page, "Račun ni prišel").count()).toBe(0);
});
