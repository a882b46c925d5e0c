import type { Page } from "playwright";
import { describe, expect, test } from "vitest";
import type { Field } from "../../src/core/contract/adapter.ts";
import { createWorld, signIn } from "./world.ts";

/** A problem can be reported in a minute, without typing anything twice. */
const topics = [
  { value: "app", label: "Aplikacija" },
  { value: "order", label: "Naročilo" },
];
const parts = ["Šotor", "Nahrbtnik", "Svetilka"].map((label) => ({ value: label.toLowerCase(), label }));
const fields: readonly Field[] = [
  { key: "topic", label: "Področje", kind: "select", options: topics, required: true },
  {
    key: "order",
    label: "Številka naročila",
    kind: "text",
    required: true,
    pattern: String.raw`BR-\d{6}`,
    help: "BR- in šest števk.",
    showWhen: { key: "topic", values: ["order"] },
  },
  {
    key: "parts",
    label: "Kateri kosi",
    kind: "multi-select",
    options: parts,
    showWhen: { key: "topic", values: ["order"] },
  },
  { key: "since", label: "Od kdaj", kind: "date" },
  { key: "times", label: "Kolikokrat", kind: "number" },
  { key: "urgent", label: "Nujno je", kind: "checkbox" },
  { key: "note", label: "Opomba", kind: "long-text" },
];
const world = createWorld({ fields });

const box = (page: Page, name: string | RegExp) => page.getByRole("textbox", { name });
const submit = (page: Page) => page.getByRole("button", { name: "Prijavi tehnično težavo", exact: true }).click();
const sent = (page: Page) => page.getByText(/Vaš zahtevek ima številko/).waitFor();
const newest = () => world.rows("SELECT * FROM tickets WHERE member_id = 'ana' ORDER BY number DESC LIMIT 1")[0];
const firstWords = () =>
  world.rows("SELECT text FROM messages WHERE ticket_id = ? ORDER BY seq LIMIT 1", String(newest()?.["id"]))[0]?.[
    "text"
  ];

async function openForm(page: Page) {
  await signIn(page);
  await page.getByRole("button", { name: "Prijavi novo tehnično težavo" }).click();
  await page.getByRole("combobox", { name: "Področje" }).waitFor();
}

async function fill(page: Page, title: string, text: string) {
  await box(page, "Naslov zahtevka").fill(title);
  await box(page, "Kaj se je zgodilo?").fill(text);
}

describe("the desk's own fields", () => {
  test("arrive at the desk in their own types, and a dependent field only if it is shown", async () => {
    const page = await world.visit();
    await openForm(page);
    await fill(page, "Napačen paket", "Manjka svetilka.");
    expect(await box(page, "Številka naročila").count()).toBe(0);
    await page.getByRole("combobox", { name: "Področje" }).selectOption("Naročilo");
    await box(page, "Številka naročila").fill("BR-204816");
    await page.getByRole("group", { name: "Kateri kosi" }).getByRole("checkbox", { name: "Svetilka" }).check();
    await page.getByRole("group", { name: "Kateri kosi" }).getByRole("checkbox", { name: "Šotor" }).check();
    await page.getByLabel("Od kdaj").fill("2026-11-20");
    await page.getByRole("textbox", { name: "Kolikokrat" }).fill("3");
    await page.getByRole("checkbox", { name: "Nujno je" }).check();
    await box(page, "Opomba").fill("Prva vrstica\ndruga");
    await submit(page);
    await sent(page);
    expect(JSON.parse(String(newest()?.["fields"]))).toEqual({
      topic: "order",
      order: "BR-204816",
      parts: ["šotor", "svetilka"],
      since: "2026-11-20",
      times: 3,
      urgent: true,
      note: "Prva vrstica\ndruga",
    });
  });

  test("are validated before sending: the error is at the field, and the first one gets the focus", async () => {
    const page = await world.visit();
    await openForm(page);
    await fill(page, "Napačen paket", "Manjka svetilka.");
    const topic = page.getByRole("combobox", { name: "Področje" });
    await submit(page);
    await expect.poll(() => topic.evaluate((element) => element.matches(":focus"))).toBe(true);
    await topic.selectOption("Naročilo");
    const order = box(page, "Številka naročila");
    await order.fill("204816");
    await submit(page);
    await expect.poll(() => order.evaluate((element) => element.matches(":focus"))).toBe(true);
    expect(await order.getAttribute("aria-invalid")).toBe("true");
    expect(world.rows("SELECT * FROM tickets WHERE title LIKE '%Napačen paket'")).toEqual([]);
  });

  test("are validated by the desk too: its error is shown at the field, and nothing is lost", async () => {
    const page = await world.visit();
    // The desk's rules have changed since the form was loaded.
    await page.route("**/tickets/fields", async (route) => {
      const response = await route.fetch();
      const { items } = (await response.json()) as { items: Field[] };
      const lenient = items.map((field) => ({ ...field, pattern: ".*" }));
      await route.fulfill({ response, json: { items: lenient } });
    });
    await openForm(page);
    await fill(page, "Napačen paket", "Manjka svetilka.");
    await page.getByRole("combobox", { name: "Področje" }).selectOption("Naročilo");
    const order = box(page, "Številka naročila");
    await order.fill("204816");
    await submit(page);
    await page.getByText("Podpora tega ni sprejela. Prosimo, popravite.").waitFor();
    await expect.poll(() => order.evaluate((element) => element.matches(":focus"))).toBe(true);
    expect(await box(page, "Kaj se je zgodilo?").inputValue()).toBe("Manjka svetilka.");
    await order.fill("BR-204816");
    await submit(page);
    await sent(page);
  });
});

test("three questions reach the desk as readable text", async () => {
  const page = await world.visit();
  await openForm(page);
  await box(page, "Naslov zahtevka").fill("Košarica je prazna");
  await box(page, "Kaj ste storili?").fill("Kliknem »Oddaj naročilo«.");
  await box(page, "Kaj se je zgodilo?").fill("Košarica je prazna.");
  await box(page, "Kaj ste pričakovali?").fill("Potrditev naročila.");
  await page.getByRole("combobox", { name: "Področje" }).selectOption("Aplikacija");
  await submit(page);
  await sent(page);
  expect(firstWords()).toBe(
    "Kaj ste storili?\nKliknem »Oddaj naročilo«.\n\nKaj se je zgodilo?\nKošarica je prazna.\n\nKaj ste pričakovali?\nPotrditev naročila.",
  );
});

test("a submitted issue shows its number, the expected answer time by the desk's record, and a link", async () => {
  const page = await world.visit();
  await openForm(page);
  await fill(page, "Košarica je prazna", "Vedno.");
  await page.getByRole("combobox", { name: "Področje" }).selectOption("Aplikacija");
  await submit(page);
  await sent(page);
  await page.getByText(`Vaš zahtevek ima številko ${String(newest()?.["number"])}.`).waitFor();
  await page.getByText(/^Odgovor lahko pričakujete čez \d+ /).waitFor();
  await page.getByRole("button", { name: "Prikaži ta zahtevek" }).click();
  await page.getByRole("log", { name: "Sporočila" }).getByText("Vedno.").waitFor();
});

describe("the member's language", () => {
  const send = async (page: Page) => {
    await openForm(page);
    await fill(page, "Košarica je prazna", "Vedno.");
    await page.getByRole("combobox", { name: "Področje" }).selectOption("Aplikacija");
    await submit(page);
    await sent(page);
    return { title: newest()?.["title"], locale: newest()?.["locale"] };
  };

  test("is prefixed to the title, as in the guide", async () => {
    expect(await send(await world.visitTag({}))).toEqual({ title: "Slovenščina - Košarica je prazna", locale: "sl" });
  });

  test("is sent in a separate field if the site wants that", async () => {
    const page = await world.visitTag({ "ticket-language": "field" });
    await signIn(page);
    await page.getByRole("button", { name: "Prijavi novo tehnično težavo" }).click();
    await page.getByRole("combobox", { name: "Jezik zahtevka" }).selectOption("Deutsch");
    await fill(page, "Košarica je prazna", "Vedno.");
    await page.getByRole("combobox", { name: "Področje" }).selectOption("Aplikacija");
    await submit(page);
    await sent(page);
    expect(newest()).toMatchObject({ title: "Košarica je prazna", locale: "de" });
  });

  test("is not asked if the site does not want it", async () => {
    const page = await world.visitTag({ "ticket-language": "off" });
    expect(await send(page)).toEqual({ title: "Košarica je prazna", locale: "sl" });
    await page.getByRole("button", { name: "Nazaj na moje zahtevke" }).click();
    await page.getByRole("button", { name: "Prijavi novo tehnično težavo" }).click();
    await box(page, "Naslov zahtevka").waitFor();
    expect(await page.getByRole("combobox", { name: "Jezik zahtevka" }).count()).toBe(0);
  });
});

describe("the context that the widget adds", () => {
  const fault = `<button onclick="setTimeout(() => { throw new Error('košarica je pokvarjena') })">Oddaj</button>`;
  const context = () => JSON.parse(String(newest()?.["context"]));

  test("is shown before it is sent, each part can be removed, and removed parts are not sent", async () => {
    const page = await world.visitTag({ "app-version": "shop 4.2" }, fault);
    await page.getByRole("button", { name: "Oddaj" }).click();
    await expect.poll(() => world.takeThrown().join()).toContain("košarica je pokvarjena");
    await openForm(page);
    await fill(page, "Košarica je prazna", "Vedno.");
    await page.getByRole("combobox", { name: "Področje" }).selectOption("Aplikacija");
    await page.getByText("Priloženi podatki (6)").click();
    await page.getByRole("checkbox", { name: "shop 4.2" }).waitFor();
    await page.getByRole("checkbox", { name: /košarica je pokvarjena/ }).waitFor();
    const address = page.locator("label").filter({ hasText: "tag.html" }).first();
    expect(await address.innerText()).not.toContain("s3cret");
    await page.getByRole("checkbox", { name: /^Brskalnik/ }).uncheck();
    await page.getByText("Priloženi podatki (5)").waitFor();
    await submit(page);
    await sent(page);
    const sentAlong = context();
    expect(Object.keys(sentAlong).toSorted()).toEqual(["appVersion", "errors", "language", "page", "screen"]);
    expect(sentAlong).toMatchObject({ appVersion: "shop 4.2", language: "sl-SI" });
    expect(sentAlong.page).toMatch(/\/tag\.html\?page=2&token=%E2%80%A6$/);
    expect(sentAlong.errors.join()).toContain("košarica je pokvarjena");
    // Only agents see it; it is not part of the member's text.
    expect(firstWords()).toBe("Vedno.");
  });

  test("has what the page says of the member: shown at once, removable, and labelled as the page's for agents", async () => {
    const page = await world.visitTag({ "page-context": "off" });
    const set = async (attributes: object) =>
      await page.evaluate(async (given) => {
        await (Reflect.get(window, "Podpora") as (...call: unknown[]) => unknown)("set", given);
      }, attributes);
    await set({ plan: "Pro", seats: 12, "<b>cart</b>": "<img src=x onerror=alert(1)>" });
    await openForm(page);
    await fill(page, "Košarica je prazna", "Vedno.");
    await page.getByRole("combobox", { name: "Področje" }).selectOption("Aplikacija");
    await page.getByText("Priloženi podatki (3)").click();
    await page.getByRole("checkbox", { name: "seats 12" }).uncheck();
    await page.getByText("Priloženi podatki (2)").waitFor();
    // While the form is shown.
    await set({ trial: true, plan: "Team" });
    await page.getByRole("checkbox", { name: "trial true" }).waitFor();
    expect(await page.getByRole("checkbox", { name: "seats 12" }).isChecked()).toBe(false);
    await submit(page);
    await sent(page);
    const expected = [
      { name: "plan", value: "Team" },
      { name: "<b>cart</b>", value: "<img src=x onerror=alert(1)>" },
      { name: "trial", value: "true" },
    ];
    expect(context()).toEqual({ attributes: expected });
    expect(firstWords()).toBe("Vedno.");
    const agent = await world.agent();
    await agent.getByRole("link", { name: /Košarica je prazna/ }).click();
    await agent.getByText("Where it happened").click();
    await agent.getByText("<b>cart</b> (set by the page)").waitFor();
    await agent.getByText("<img src=x onerror=alert(1)>").waitFor();
  });

  test("loses what the page says of the member when they sign out", async () => {
    const page = await world.visitTag({ "page-context": "off" });
    await page.evaluate(() =>
      (Reflect.get(window, "Podpora") as (...call: unknown[]) => unknown)("set", { plan: "Pro" }),
    );
    await openForm(page);
    await page.getByText("Priloženi podatki (1)").waitFor();
    await page.evaluate(async () => {
      await (Reflect.get(window, "Podpora") as (verb: string) => unknown)("logout");
    });
    const form = page.getByRole("form", { name: "Prijavite se v svoj račun" });
    await form.getByLabel("Uporabniško ime").fill("ana");
    await form.getByLabel("Geslo").fill("ana-demo");
    await form.getByRole("button", { name: "Prijava" }).click();
    await page.getByRole("button", { name: "Prijavi novo tehnično težavo" }).click();
    await page.getByRole("combobox", { name: "Področje" }).waitFor();
    expect(await page.getByText(/Priloženi podatki/).count()).toBe(0);
  });

  test("is empty if the site has switched it off", async () => {
    const page = await world.visitTag({ "page-context": "off" });
    await openForm(page);
    await fill(page, "Košarica je prazna", "Vedno.");
    expect(await page.getByText(/Priloženi podatki/).count()).toBe(0);
    await page.getByRole("combobox", { name: "Področje" }).selectOption("Aplikacija");
    await submit(page);
    await sent(page);
    expect(newest()?.["context"]).toBeNull();
  });
});

test("while typing the title, the member's similar open issues are offered, and the draft is kept", async () => {
  await world.ticket("Slovenščina - Zemljevid se ne naloži", "Opis.", { fields: { topic: "app" } });
  const page = await world.visit();
  await openForm(page);
  await box(page, "Naslov zahtevka").fill("zemljevida ne vidim");
  const offered = page.getByRole("list", { name: "Ste to težavo že prijavili?" });
  await offered.getByRole("button", { name: /Zemljevid se ne naloži/ }).click();
  await page.getByRole("heading", { name: "Slovenščina - Zemljevid se ne naloži" }).waitFor();
  await page.getByRole("button", { name: "Nazaj na moje zahtevke" }).click();
  await page.getByRole("button", { name: "Prijavi novo tehnično težavo" }).click();
  await expect.poll(() => box(page, "Naslov zahtevka").inputValue()).toBe("zemljevida ne vidim");
});
