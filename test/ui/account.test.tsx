import { expect, test } from "vitest";
import { AdapterError } from "../../src/core/contract/errors.ts";
import { memoryStorage } from "../../src/core/delivery/storage.ts";
import { anasSession, behindGateway, fromGold, guestSession, open } from "../support/behind-gateway.ts";
import { openWidget } from "../support/openWidget.tsx";
import { ana, anasDesk } from "../support/scope.ts";

const accounts = [{ username: "ana", password: "skrivnost", member: ana }];
const typedIn = (element: HTMLElement) => [...element.querySelectorAll("input")].map((input) => input.value);

test("a member of a lower rank reads why issues are closed, and is offered the chat", async () => {
  const session = { ...anasSession, access: { tickets: fromGold, chat: open } };
  const { findByRole, findByText, user, queryByRole } = await openWidget({
    adapter: behindGateway(anasDesk(), session),
  });
  await findByRole("heading", { name: "Na voljo od ravni Gold" });
  await findByText(/Ta funkcija je na voljo samo za raven Gold in višje ravni\./);
  await findByText("Vaša raven: Silver.");
  await findByText(/Dokler ne dosežete ravni Gold, vam naša ekipa pomaga v klepetu\./);
  expect(queryByRole("button", { name: "Prijavi novo tehnično težavo" })).toBeNull();
  await user.click(await findByRole("button", { name: "Vprašaj v klepetu" }));
  await findByRole("form", { name: "Klepet s tehnično podporo" });
});

test("a chat that is closed for the member's rank offers the issue form", async () => {
  const session = { ...anasSession, access: { tickets: open, chat: fromGold } };
  const { findByRole, findByText, user } = await openWidget({
    adapter: behindGateway(anasDesk(), session),
    route: "chat",
  });
  await findByText(/^Klepet je na voljo samo za raven Gold in višje ravni\./);
  await user.click(await findByRole("button", { name: "Prijavi tehnično težavo" }));
  expect(await findByRole("form", { name: "Prijavi novo tehnično težavo" })).toBeTruthy();
});

test("a member to whom both are closed is offered neither", async () => {
  const session = { ...anasSession, access: { tickets: fromGold, chat: fromGold } };
  const { findByRole, queryByRole } = await openWidget({ adapter: behindGateway(anasDesk(), session) });
  await findByRole("heading", { name: "Na voljo od ravni Gold" });
  expect(queryByRole("button", { name: "Vprašaj v klepetu" })).toBeNull();
});

test("a wrong password shows an error at the field; the right one opens the issues and is not kept", async () => {
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

test("signing in without a user name or a password shows what is missing", async () => {
  const adapter = behindGateway(anasDesk({ accounts }), guestSession);
  const { findByRole, getByLabelText, getAllByText, user, root } = await openWidget({ adapter });
  const name = await findByRole("textbox", { name: "Uporabniško ime" });
  // Phones would capitalise the name.
  expect([name.getAttribute("autocapitalize"), name.getAttribute("autocorrect")]).toEqual(["none", "off"]);
  await user.click(await findByRole("button", { name: "Prijava" }));
  await expect.poll(() => root.activeElement).toBe(name);
  expect(getAllByText("Prosimo, izpolnite to polje.")).toHaveLength(2);
  await user.type(name, "ana");
  await user.click(await findByRole("button", { name: "Prijava" }));
  await expect.poll(() => root.activeElement).toBe(getByLabelText("Geslo"));
});

test("signing in can be retried when the session request fails, and the password has to be typed again", async () => {
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

test("an unreachable desk is not reported as a wrong password", async () => {
  const desk = behindGateway(anasDesk({ accounts }), guestSession);
  const { findByRole, getByLabelText, user } = await openWidget({
    adapter: { ...desk, accounts: { signIn: () => Promise.reject(new AdapterError("rate-limited", "slow down")) } },
  });
  await user.type(await findByRole("textbox", { name: "Uporabniško ime" }), "ana");
  await user.type(getByLabelText("Geslo"), "skrivnost{Enter}");
  expect((await findByRole("alert")).textContent).toContain("V kratkem času je bilo preveč zahtev.");
});

test("a guest is sent to the site's own sign-in if there is one", async () => {
  const { findByText, queryByLabelText, heard } = await openWidget({
    adapter: behindGateway(anasDesk(), guestSession),
  });
  await findByText("Najprej se prijavite na tem spletnem mestu, nato znova odprite pomoč.");
  expect(queryByLabelText("Geslo")).toBeNull();
  expect(heard).toContainEqual({ name: "identity:needed", data: {} });
});

test("a guest gets a link to the site's sign-in page where the site names it", async () => {
  const { findByRole } = await openWidget({
    adapter: behindGateway(anasDesk(), guestSession),
    signInUrl: "/login?next=/orders",
  });
  expect((await findByRole("link", { name: "Prijava" })).getAttribute("href")).toBe("/login?next=/orders");
});

test("the account menu shows who is signed in, and Escape closes only the menu", async () => {
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

test("a guest's menu has the language but no sign-out", async () => {
  const { findByRole, findByText, queryByRole, user } = await openWidget({
    adapter: behindGateway(anasDesk(), guestSession),
  });
  await user.click(await findByRole("button", { name: "Vaš račun" }));
  await findByText("Niste prijavljeni");
  expect(queryByRole("button", { name: "Odjava" })).toBeNull();
});

test("choosing another language changes all texts immediately, and the text direction", async () => {
  const { findByRole, getByRole, user } = await openWidget();
  await user.click(await findByRole("button", { name: "Vaš račun" }));
  const language = getByRole("combobox", { name: "Jezik" });
  expect([...language.querySelectorAll("option")].map((option) => option.textContent)).toEqual([
    "Deutsch",
    "English",
    "Slovenščina",
    "العربية",
  ]);
  expect([...language.querySelectorAll("option")].map(({ lang }) => lang)).toEqual(["de", "en", "sl", "ar"]);
  await user.selectOptions(language, "English");
  await findByRole("heading", { name: "My technical issues" });
  getByRole("tab", { name: "Live chat" });
  getByRole("button", { name: "Submit a new tech issue" });
  await user.selectOptions(getByRole("combobox", { name: "Language" }), "العربية");
  await findByRole("heading", { name: "مشكلاتي التقنية" });
  const dialog = getByRole("dialog", { name: "المساعدة" });
  expect([dialog.lang, dialog.querySelector<HTMLElement>(".inside")?.dir]).toEqual(["ar", "rtl"]);
});

test("typed text is kept when the language changes", async () => {
  const { findByRole, user, i18n } = await openWidget({ route: "tickets/new" });
  await user.type(await findByRole("textbox", { name: "Naslov zahtevka" }), "Naročila");
  await i18n.setLocale("de");
  const title = await findByRole<HTMLInputElement>("textbox", { name: "Titel der Anfrage" });
  expect(title.value).toBe("Naročila");
});

test("signing out removes everything about the member from the screen and the storage", async () => {
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
