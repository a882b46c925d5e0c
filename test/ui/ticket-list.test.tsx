import { expect, test } from "vitest";
import { AdapterError } from "../../src/core/contract/errors.ts";
import { memoryStorage } from "../../src/core/delivery/storage.ts";
import { tokenFor } from "../support/fake-gateway.ts";
import { openWidget } from "../support/openWidget.tsx";
import { anasDesk } from "../support/scope.ts";
import { anasTicket, withTickets } from "../support/tickets.ts";

const titles = (list: HTMLElement) => [...list.querySelectorAll(".row-title")].map((title) => title.textContent);

test("the overview starts with the open issues, and the other filters show the rest", async () => {
  const adapter = anasDesk();
  await anasTicket(adapter, "Odprta");
  const waiting = await anasTicket(adapter, "Čakajoča");
  const solved = await anasTicket(adapter, "Rešena");
  await adapter.agent.askForFeedback(waiting.id, "Kateri brskalnik?");
  await adapter.agent.resolveTicket(solved.id);
  const { findByRole, getByRole, user } = await openWidget({ adapter });

  const list = () => getByRole("list", { name: "Moje tehnične težave" });
  await findByRole("list", { name: "Moje tehnične težave" });
  expect(titles(list())).toEqual(["Odprta"]);
  expect(getByRole("button", { name: /^Odprti/ }).getAttribute("aria-pressed")).toBe("true");

  const filter = await findByRole("button", { name: /^Čakanje na povratne informacije/, pressed: false });
  await expect.poll(() => filter.textContent).toContain("1");
  await user.click(filter);
  await expect.poll(() => titles(list())).toEqual(["Čakajoča"]);
  expect(filter.getAttribute("aria-pressed")).toBe("true");
  expect(list().textContent).toContain("Čaka na vas");

  await user.click(getByRole("button", { name: /^Vsi/ }));
  await expect.poll(() => titles(list()).length).toBe(3);
  const states = [...list().querySelectorAll(".status")].map((state) => state.textContent);
  expect(new Set(states)).toEqual(new Set(["Odprt", "Razrešen", "Čaka na vas"]));
});

test("issues that wait for the member are counted at the filter, in the right plural form", async () => {
  const adapter = anasDesk();
  for (const title of ["Prva", "Druga"]) {
    const { id } = await anasTicket(adapter, title);
    await adapter.agent.askForFeedback(id, "?");
  }
  const { findByRole } = await openWidget({ adapter });
  await findByRole("button", { name: /^Čakanje na povratne informacije\s?, 2 čakata na vas$/ });
  await findByRole("tab", { name: /^Tehnične težave\s?, 2 čakata na vas$/ });
});

test.each([
  ["Odprti", "Nimate odprtih zahtevkov", "Ko prijavite težavo, jo tukaj spremljate."],
  [
    "Čakanje na povratne informacije",
    "Nič ne čaka na vas",
    "Tukaj so zahtevki, pri katerih naša IT-ekipa od vas potrebuje informacije.",
  ],
  ["Vsi", "Zahtevkov še ni", "Tukaj ostanejo vsi vloženi in razrešeni zahtevki."],
])("an empty list under “%s” explains what will be there", async (filter, title, text) => {
  const { findByRole, findByText, user } = await openWidget();
  await user.click(await findByRole("button", { name: filter }));
  await findByRole("heading", { name: title });
  expect(await findByText(text)).toBeTruthy();
});

test("a list that could not be loaded shows an error, and a click tries again", async () => {
  const desk = anasDesk();
  await anasTicket(desk, "Odprta");
  let down = true;
  const list: NonNullable<typeof desk.tickets>["list"] = async (query, ctx) => {
    if (down) throw new AdapterError("timeout", "too slow");
    return (await desk.tickets?.list?.(query, ctx)) ?? { items: [] };
  };
  const { findByRole, findByText, user } = await openWidget({ adapter: withTickets(desk, { list }) });
  expect((await findByRole("alert")).textContent).toContain("Podpora ni odgovorila pravočasno.");
  down = false;
  await user.click(await findByRole("button", { name: "Poskusi znova" }));
  await findByText("Odprta");
});

test("a long list loads page by page", async () => {
  const adapter = anasDesk();
  for (let number = 1; number <= 25; number++) await anasTicket(adapter, `Težava ${number}`);
  const { findByRole, queryByRole, root, user } = await openWidget({ adapter });
  const list = await findByRole("list", { name: "Moje tehnične težave" });
  expect(titles(list)).toHaveLength(20);
  expect(titles(list)[0]).toBe("Težava 25");
  await user.click(await findByRole("button", { name: "Prikaži več" }));
  await expect.poll(() => titles(list)).toHaveLength(25);
  expect(new Set(titles(list)).size).toBe(25);
  expect(queryByRole("button", { name: "Prikaži več" })).toBeNull();
  // The button is gone: what it was in has the focus.
  await expect.poll(() => root.activeElement?.classList.contains("screen")).toBe(true);
});

test("a change at the desk appears without a reload", async () => {
  const adapter = anasDesk();
  const { id } = await anasTicket(adapter, "Odprta");
  const { findByRole, findByText } = await openWidget({ adapter });
  await findByText("Odprta");
  await expect.poll(() => adapter.agent.listeners()).toBe(1);
  await adapter.agent.resolveTicket(id);
  await findByRole("heading", { name: "Nimate odprtih zahtevkov" });
});

test("the desk's own label for a status is shown", async () => {
  const desk = anasDesk();
  const ticket = await anasTicket(desk, "Odprta");
  const list = async () => ({ items: [{ ...ticket, statusLabel: "Pri dobavitelju" }] });
  const { findByText } = await openWidget({ adapter: withTickets(desk, { list }) });
  expect(await findByText("Pri dobavitelju")).toBeTruthy();
});

test("a row opens its issue, and the back button returns to the list", async () => {
  const adapter = anasDesk();
  const { number } = await anasTicket(adapter, "Odprta");
  const { findByRole, user, heard } = await openWidget({ adapter });
  await user.click(await findByRole("button", { name: new RegExp(`^Odprta.*Št\\. ${number}`) }));
  await findByRole("heading", { name: "Odprta" });
  await user.click(await findByRole("button", { name: "Nazaj na moje zahtevke" }));
  await findByRole("heading", { name: "Moje tehnične težave" });
  expect(heard.filter(({ name }) => name === "route")).toHaveLength(2);
});

test("on the next page the issues are there at once, marked as being of the last visit until the desk has answered", async () => {
  const desk = anasDesk();
  await anasTicket(desk, "Odprta");
  const storage = memoryStorage();
  const identity = { token: tokenFor("ana") };
  const before = await openWidget({ adapter: desk, storage, identity });
  await before.findByText("Odprta");
  await expect.poll(async () => (await storage.keys("")).some((key) => key.endsWith("kept/tickets"))).toBe(true);
  before.remove();
  let answer = () => {};
  const answered = new Promise<void>((resolve) => (answer = resolve));
  const adapter = withTickets(desk, {
    list: async (query, ctx) =>
      await answered.then(async () => (await desk.tickets?.list?.(query, ctx)) ?? { items: [] }),
  });
  const { findByRole, findByText, queryByText } = await openWidget({ adapter, storage, identity });
  await findByText("Posodabljamo …");
  const list = await findByRole("list", { name: "Moje tehnične težave" });
  expect([titles(list), list.getAttribute("aria-busy")]).toEqual([["Odprta"], "true"]);
  answer();
  await expect.poll(() => queryByText("Posodabljamo …")).toBeNull();
  expect([titles(list), list.getAttribute("aria-busy")]).toEqual([["Odprta"], "false"]);
});

test("how many issues a search has found is said", async () => {
  const adapter = anasDesk();
  for (const title of ["Dostava", "Plačilo", "Račun", "Geslo", "Dostava zamuja"]) await anasTicket(adapter, title);
  const { findByRole, getAllByRole, user } = await openWidget({ adapter });
  const said = () =>
    getAllByRole("status")
      .map((region) => region.textContent)
      .join("");
  const search = await findByRole("searchbox", { name: "Poiščite med svojimi zahtevki" });
  expect(said()).toBe("");
  await user.type(search, "dostava");
  await expect.poll(said).toBe("2 zahtevka");
  await user.type(search, " x");
  await expect.poll(said).toBe("Ni zadetkov");
});
