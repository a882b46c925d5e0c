import type { Page } from "playwright";
import { expect, test } from "vitest";
import { png } from "./made-pictures.ts";
import { createWorld, signIn } from "./world.ts";

/** Drafts are kept until the member sends or discards them. */
const world = createWorld();

const titleBox = (page: Page) => page.getByRole("textbox", { name: "Naslov zahtevka" });
const textBox = (page: Page) => page.getByRole("textbox", { name: "Kaj se je zgodilo?" });
const files = (page: Page) => page.getByRole("list", { name: "Datoteke" }).locator(".chosen-name");
const saved = (page: Page) => page.getByText("Shranjeno v tej napravi").waitFor();

async function openForm(page: Page) {
  await signIn(page);
  await page.getByRole("button", { name: "Prijavi novo tehnično težavo" }).click();
  await titleBox(page).waitFor();
}

async function choose(page: Page, name: string) {
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: /Izberi datoteke|Priloži datoteke/ }).click();
  await (await chooser).setFiles({ name, mimeType: "image/png", buffer: png() });
}

test("two tabs with the same form share its text and files, and lose none", async () => {
  const first = await world.visit();
  await openForm(first);
  const second = await world.tab(first);
  await second.getByRole("button", { name: /^Pomoč/ }).click();
  await second.getByRole("button", { name: "Prijavi novo tehnično težavo" }).click();
  await titleBox(second).waitFor();
  await titleBox(first).fill("Naročila");
  await expect.poll(() => titleBox(second).inputValue()).toBe("Naročila");
  await textBox(second).fill("Odprem košarico");
  await choose(second, "slika.png");
  await expect.poll(() => textBox(first).inputValue()).toBe("Odprem košarico");
  await expect.poll(() => files(first).allInnerTexts()).toEqual(["slika.png"]);
  expect(await titleBox(second).inputValue()).toBe("Naročila");

  await first.getByRole("button", { name: "Prijavi tehnično težavo", exact: true }).click();
  await first.getByText(/Vaš zahtevek ima številko/).waitFor();
  // The other tab must not offer to send it again.
  await expect.poll(() => titleBox(second).inputValue()).toBe("");
  await expect.poll(() => files(second).count()).toBe(0);
  const titles = world.rows("SELECT title FROM tickets WHERE title LIKE '%Naročila'").map(({ title }) => title);
  expect(titles).toEqual(["Slovenščina - Naročila"]);
});

test("a discarded draft can be restored, with its files", async () => {
  const page = await world.visit();
  await openForm(page);
  await titleBox(page).fill("Naročila");
  await textBox(page).fill("Odprem košarico");
  await choose(page, "slika.png");
  await saved(page);
  await page.getByRole("button", { name: "Zavrzi osnutek" }).click();
  await page.getByText("Osnutek je zavržen.").waitFor();
  expect(await titleBox(page).inputValue()).toBe("");
  expect(await files(page).count()).toBe(0);
  await page.getByRole("button", { name: "Razveljavi" }).click();
  await expect.poll(() => titleBox(page).inputValue()).toBe("Naročila");
  expect(await textBox(page).inputValue()).toBe("Odprem košarico");
  expect(await files(page).allInnerTexts()).toEqual(["slika.png"]);
  await saved(page);
  await page.reload();
  await expect.poll(() => titleBox(page).inputValue()).toBe("Naročila");
});

test("each issue's reply keeps its text and files through a reload and an expired session", async () => {
  const { id } = await world.ticket("Račun ni prišel");
  const page = await world.visit("/#podpora=tickets");
  const form = page.getByRole("form", { name: "Prijavite se v svoj račun" });
  const signInAgain = async () => {
    await form.getByLabel("Uporabniško ime").fill("ana");
    await form.getByLabel("Geslo").fill("ana-demo");
    await form.getByRole("button", { name: "Prijava" }).click();
  };
  await signInAgain();
  await page.getByRole("button", { name: /Račun ni prišel/ }).click();
  const reply = page.getByRole("textbox", { name: "Vaš odgovor" });
  await reply.fill("Še vedno čakam");
  await choose(page, "racun.png");
  await expect.poll(() => files(page).allInnerTexts()).toEqual(["racun.png"]);
  await page.reload();
  await expect.poll(() => reply.inputValue()).toBe("Še vedno čakam");
  await expect.poll(() => files(page).allInnerTexts()).toEqual(["racun.png"]);

  // The server no longer accepts the token.
  await page.route("**/podpora/**", async (route) => {
    const asked = route.request().headers()["authorization"];
    if (!asked || signedInAgain) return await route.continue();
    await route.fulfill({ status: 401, contentType: "application/problem+json", body: '{"code":"unauthorized"}' });
  });
  let signedInAgain = false;
  await page.reload();
  await form.waitFor();
  signedInAgain = true;
  await signInAgain();
  await expect.poll(() => reply.inputValue()).toBe("Še vedno čakam");
  await expect.poll(() => files(page).allInnerTexts()).toEqual(["racun.png"]);
  await page.getByRole("button", { name: "Pošlji", exact: true }).click();
  const arrived = () =>
    world.rows("SELECT text FROM messages WHERE ticket_id = ? ORDER BY seq", id).map(({ text }) => text);
  await expect.poll(arrived).toEqual(["Opis.", "Še vedno čakam"]);
});
