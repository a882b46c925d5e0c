import { expect, test } from "vitest";
import { AdapterError } from "../../src/core/contract/errors.ts";
import { memoryStorage } from "../../src/core/delivery/storage.ts";
import { anasSession, behindGateway, fromGold, guestSession, open } from "../support/behind-gateway.ts";
import { openWidget } from "../support/openWidget.tsx";
import { ana, anasDesk } from "../support/scope.ts";

const accounts = [{ username: "ana", password: "skrivnost", member: ana }];
const typedIn = (element: HTMLElement) => [...element.querySelectorAll("input")].map((input) => input.value);

test("a member of a lower rank reads why the issues are closed, and is led to the chat", async () => {
  const session = { ...anasSession, access: { tickets: fromGold, chat: open } };
  const { findByRole, findByText, user, queryByRole } = await openWidget({
    adapter: behindGateway(anasDesk(), session),
  });
  await findByRole("heading", { name: "Na voljo od ravni Gold" });
  await findByText(/Ta funkcija je na voljo samo za raven Gold in višje ravni\./);
  await findByText("Vaša raven: Silver.");
  await findByText(/Ko dosežete raven Gold, se ta stran odpre sama\./);
  expect(queryByRole("button", { name: "Prijavi novo tehnično težavo" })).toBeNull();
  await user.click(await findByRole("button", { name: "Vprašajte v klepetu" }));
  await findByRole("form", { name: "Klepet s tehnično podporo" });
});

test("a chat that is closed for the rank leads to the form of an issue", async () => {
  const session = { ...anasSession, access: { tickets: open, chat: fromGold } };
  const { findByRole, findByText, user } = await openWidget({
    adapter: behindGateway(anasDesk(), session),
    route: "chat",
  });
  await findByText(/^Klepet je na voljo samo za raven Gold in višje ravni\./);
  await user.click(await findByRole("button", { name: "Prijavi tehnično težavo" }));
  expect(await findByRole("form", { name: "Prijavi novo tehnično težavo" })).toBeTruthy();
});

test("a member for whom both are closed is not led in a circle", async () => {
  const session = { ...anasSession, access: { tickets: fromGold, chat: fromGold } };
  const { findByRole, queryByRole } = await openWidget({ adapter: behindGateway(anasDesk(), session) });
  await findByRole("heading", { name: "Na voljo od ravni Gold" });
  expect(queryByRole("button", { name: "Vprašajte v klepetu" })).toBeNull();
});

test("a guest signs in: a wrong password is said at the field, a right one opens the issues and stays nowhere", async () => {
  const storage = memoryStorage();
  const adapter = behindGateway(anasDesk({ accounts }), guestSession);
  const { findByRole, getByRole, getByLabelText, queryByLabelText, container, user, heard, root } = await openWidget({
    adapter,
    storage,
  });
  await findByRole("form", { name: "Prijavite se v svoj račun" });
  await expect.poll(() => heard).toContainEqual({ name: "identity:needed", data: {} });

  await user.type(getByRole("textbox", { name: "Uporabniško ime" }), "ana");
  await user.type(getByLabelText("Geslo"), "napačno");
  await user.click(getByRole("button", { name: "Prijava" }));
  const alert = await findByRole("alert");
  expect(alert.textContent).toBe("Uporabniško ime in geslo se ne ujemata. Preverite oboje in poskusite znova.");
  const field = getByLabelText("Geslo");
  expect(field.getAttribute("type")).toBe("password");
  expect(field.getAttribute("aria-describedby")).toBe(alert.id);
  expect(typedIn(container)).toContain("ana");

  await user.tripleClick(field);
  await user.keyboard("skrivnost{Enter}");
  await findByRole("heading", { name: "Moje tehnične težave" });
  expect(queryByLabelText("Geslo")).toBeNull();
  expect(typedIn(container)).not.toContain("skrivnost");
  expect(root.innerHTML).not.toContain("skrivnost");
});

test("signing in without a user name or a password says what is missing", async () => {
  const adapter = behindGateway(anasDesk({ accounts }), guestSession);
  const { findByRole, getByLabelText, getAllByText, user, root } = await openWidget({ adapter });
  const name = await findByRole("textbox", { name: "Uporabniško ime" });
  // A phone would begin the name with a capital letter.
  expect([name.getAttribute("autocapitalize"), name.getAttribute("autocorrect")]).toEqual(["none", "off"]);
  await user.click(await findByRole("button", { name: "Prijava" }));
  await expect.poll(() => root.activeElement).toBe(name);
  expect(getAllByText("Prosimo, izpolnite to polje.")).toHaveLength(2);
  await user.type(name, "ana");
  await user.click(await findByRole("button", { name: "Prijava" }));
  await expect.poll(() => root.activeElement).toBe(getByLabelText("Geslo"));
});

test("a sign-in whose answer about the session is lost can be tried again, with the password typed anew", async () => {
  const gateway = behindGateway(anasDesk({ accounts }), guestSession);
  let asked = 0;
  const current = async () => {
    asked += 1;
    if (asked === 2) throw new AdapterError("network", "the cable was pulled");
    return await gateway.session.current();
  };
  const adapter = { ...gateway, session: { ...gateway.session, current } };
  const { findByRole, getByLabelText, getByRole, user } = await openWidget({ adapter });
  await user.type(await findByRole("textbox", { name: "Uporabniško ime" }), "ana");
  await user.type(getByLabelText("Geslo"), "skrivnost{Enter}");
  await expect.poll(() => asked).toBe(2);
  await expect.poll(() => getByLabelText<HTMLInputElement>("Geslo").value).toBe("");
  await user.type(getByLabelText("Geslo"), "skrivnost");
  await user.click(getByRole("button", { name: "Prijava" }));
  await findByRole("heading", { name: "Moje tehnične težave" });
});

test("a desk that is away while signing in is not taken for a wrong password", async () => {
  const desk = behindGateway(anasDesk({ accounts }), guestSession);
  const { findByRole, getByLabelText, user } = await openWidget({
    adapter: { ...desk, accounts: { signIn: () => Promise.reject(new AdapterError("rate-limited", "slow down")) } },
  });
  await user.type(await findByRole("textbox", { name: "Uporabniško ime" }), "ana");
  await user.type(getByLabelText("Geslo"), "skrivnost{Enter}");
  expect((await findByRole("alert")).textContent).toContain("V kratkem času je bilo zelo veliko zahtev.");
});

test("where the site itself signs members in, a guest is sent there", async () => {
  const { findByText, queryByLabelText, heard } = await openWidget({
    adapter: behindGateway(anasDesk(), guestSession),
  });
  await findByText("Najprej se prijavite na tem spletnem mestu, nato znova odprite pomoč.");
  expect(queryByLabelText("Geslo")).toBeNull();
  expect(heard).toContainEqual({ name: "identity:needed", data: {} });
});

test("the account menu says who is signed in, and Escape closes it alone", async () => {
  const { findByRole, findByText, queryByText, user, root } = await openWidget({
    adapter: behindGateway(anasDesk(), anasSession),
  });
  const button = await findByRole("button", { name: "Vaš račun", expanded: false });
  await user.click(button);
  await findByRole("button", { name: "Vaš račun", expanded: true });
  await findByText("Prijavljeni ste kot Ana Novak");
  await findByText("Raven: Silver");
  await user.keyboard("{Escape}");
  await expect.poll(() => queryByText("Prijavljeni ste kot Ana Novak")).toBeNull();
  expect(root.activeElement).toBe(button);
  await findByRole("dialog");
});

test("a guest's menu has the language and no way out", async () => {
  const { findByRole, findByText, queryByRole, user } = await openWidget({
    adapter: behindGateway(anasDesk(), guestSession),
  });
  await user.click(await findByRole("button", { name: "Vaš račun" }));
  await findByText("Niste prijavljeni");
  expect(queryByRole("button", { name: "Odjava" })).toBeNull();
});

test("another language changes every text at once, and its direction", async () => {
  const { findByRole, getByRole, user } = await openWidget();
  await user.click(await findByRole("button", { name: "Vaš račun" }));
  const language = getByRole("combobox", { name: "Jezik" });
  expect([...language.querySelectorAll("option")].map((option) => option.textContent)).toEqual([
    "Deutsch",
    "English",
    "Slovenščina",
    "العربية",
  ]);
  await user.selectOptions(language, "English");
  await findByRole("heading", { name: "My technical issues" });
  getByRole("tab", { name: "Live chat" });
  getByRole("button", { name: "Submit a new tech issue" });
  await user.selectOptions(getByRole("combobox", { name: "Language" }), "العربية");
  await findByRole("heading", { name: "مشكلاتي التقنية" });
  const dialog = getByRole("dialog", { name: "المساعدة" });
  expect([dialog.lang, dialog.querySelector<HTMLElement>(".inside")?.dir]).toEqual(["ar", "rtl"]);
});

test("words that are typed stay when the language changes", async () => {
  const { findByRole, user, i18n } = await openWidget({ route: "tickets/new" });
  await user.type(await findByRole("textbox", { name: "Naslov zahtevka" }), "Naročila");
  await i18n.setLocale("de");
  const title = await findByRole<HTMLInputElement>("textbox", { name: "Titel der Anfrage" });
  expect(title.value).toBe("Naročila");
});

test("signing out leaves nothing of the member on the screen or in the storage", async () => {
  const storage = memoryStorage();
  const adapter = behindGateway(anasDesk({ accounts }), anasSession);
  const { findByRole, queryByText, user, container } = await openWidget({ adapter, storage, route: "tickets/new" });
  await user.type(await findByRole("textbox", { name: "Naslov zahtevka" }), "Zaupno");
  await expect.poll(() => storage.get("member:ana/ticket-draft")).toMatchObject({ title: "Zaupno" });
  await user.click(await findByRole("button", { name: "Vaš račun" }));
  await user.click(await findByRole("button", { name: "Odjava" }));
  await findByRole("form", { name: "Prijavite se v svoj račun" });
  await expect.poll(() => storage.get("member:ana/ticket-draft")).toBeUndefined();
  expect(queryByText(/Ana Novak/)).toBeNull();
  expect(typedIn(container)).not.toContain("Zaupno");
});
