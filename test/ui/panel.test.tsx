import { expect, test } from "vitest";
import { AdapterError } from "../../src/core/contract/errors.ts";
import { anasSession, behindGateway } from "../support/behind-gateway.ts";
import { isOverGateway, openWidget } from "../support/openWidget.tsx";
import { anasDesk } from "../support/scope.ts";

test("the panel is a dialog with the team's name, and keeps the focus that it has", async () => {
  const { findByRole, root } = await openWidget({
    adapter: behindGateway(anasDesk(), { ...anasSession, team: "Podpora članom" }),
  });
  const dialog = await findByRole("dialog", { name: "Podpora članom" });
  expect(dialog.lang).toBe("sl");
  await expect.poll(() => root.activeElement).toBe(dialog);
});

test("on a page of its own the panel is the main part, with nothing to close", async () => {
  const { findByRole, queryByRole } = await openWidget({ view: "page", route: "chat" });
  await findByRole("main", { name: "Pomoč" });
  expect(queryByRole("button", { name: "Zapri" })).toBeNull();
});

test("the two tabs answer to the arrow keys, round the end too", async () => {
  const { findByRole, getByRole, getAllByRole, user, root } = await openWidget();
  const tickets = await findByRole("tab", { name: "Tehnične težave", selected: true });
  expect(getAllByRole("tab").map((tab) => tab.tabIndex)).toEqual([0, -1]);
  expect(getByRole("tablist", { name: "Kaj potrebujete" }).contains(tickets)).toBe(true);

  tickets.focus();
  await user.keyboard("{ArrowRight}");
  const chat = await findByRole("tab", { name: "Klepet", selected: true });
  expect(root.activeElement).toBe(chat);
  expect(getAllByRole("tab").map((tab) => [tab.tabIndex, tab.getAttribute("aria-selected")])).toEqual([
    [-1, "false"],
    [0, "true"],
  ]);
  await findByRole("tabpanel", { name: "Klepet" });
  await findByRole("heading", { name: "Klepet s tehnično podporo" });

  await user.keyboard("{ArrowRight}");
  expect(root.activeElement).toBe(await findByRole("tab", { name: "Tehnične težave", selected: true }));
  await user.keyboard("{ArrowLeft}");
  expect(root.activeElement).toBe(await findByRole("tab", { name: "Klepet", selected: true }));
});

test("a desk with tickets alone has no tabs", async () => {
  const { tickets } = anasDesk();
  const { findByRole, queryByRole } = await openWidget({
    adapter: { name: "tickets-only", ...(tickets && { tickets }) },
  });
  await findByRole("heading", { name: "Moje tehnične težave" });
  expect(queryByRole("tab")).toBeNull();
  expect(queryByRole("tabpanel")).toBeNull();
});

test("a desk with chat alone has its form, whatever the page asked for", async () => {
  const { chat } = anasDesk();
  const { findByRole, queryByRole, widget } = await openWidget({
    adapter: { name: "chat-only", ...(chat && { chat }) },
  });
  await findByRole("heading", { name: "Klepet s tehnično podporo" });
  widget.navigate({ tab: "tickets", view: "new" });
  await findByRole("heading", { name: "Klepet s tehnično podporo" });
  expect(queryByRole("tab")).toBeNull();
});

test("Escape and the close button put the panel away", async () => {
  const { findByRole, queryByRole, user, widget } = await openWidget();
  await findByRole("dialog");
  await user.keyboard("{Escape}");
  await expect.poll(() => queryByRole("dialog")).toBeNull();
  widget.show();
  await user.click(await findByRole("button", { name: "Zapri" }));
  await expect.poll(() => queryByRole("dialog")).toBeNull();
});

test("a server that does not answer is said so, and asked again on a click", async () => {
  let down = true;
  const adapter = behindGateway(anasDesk(), anasSession);
  const current = async () => {
    if (down) throw new AdapterError("unavailable", "down for maintenance");
    return anasSession;
  };
  const { findByRole, getByRole, user } = await openWidget({
    adapter: { ...adapter, session: { ...adapter.session, current } },
  });
  const alert = await findByRole("alert");
  expect(alert.textContent).toContain("Podpora tega trenutno ne more sprejeti.");
  down = false;
  await user.click(getByRole("button", { name: "Poskusi znova" }));
  await findByRole("heading", { name: "Moje tehnične težave" });
});

test("a lost network is said once, and the word goes when it is back", async () => {
  const { findByText, queryByText, platform } = await openWidget();
  platform.online.value = false;
  await findByText(/^Ni povezave\. Kar napišete, se shrani/);
  platform.online.value = true;
  await expect.poll(() => queryByText(/^Ni povezave/)).toBeNull();
});

test.each([
  [{ open: true }, "Ekipa je zdaj na voljo"],
  [{ open: true, waitMs: 119_000 }, "Odgovor v približno 2 minutah"],
  [{ open: true, waitMs: 1_000 }, "Odgovor v približno 1 minuti"],
  [{ open: false }, "Ekipa trenutno ni na voljo"],
])("the line under the team's name is honest: %j", async (availability, line) => {
  const { findByText } = await openWidget({ adapter: anasDesk({ availability }) });
  expect((await findByText(line)).textContent).toBe(line);
});

test("a closed team says when it is back", async () => {
  // 8 o'clock on a Monday, wherever the test runs.
  const opensAt = new Date(2030, 0, 7, 8).toISOString();
  const { findByText } = await openWidget({
    adapter: anasDesk({ availability: { open: false, opensAt } }),
    locale: "en",
  });
  expect((await findByText(/^Back/)).textContent).toMatch(/^Back Monday.*8:00/);
});

test("a new tab that the browser did not allow is explained", async () => {
  const adapter = behindGateway(anasDesk(), anasSession, async () => "https://help.example.org/chat#code=1");
  const drawn = await openWidget({ adapter, route: "chat", openChatPage: async () => false });
  const { findByRole, findByText, queryByText, user } = drawn;
  expect(queryByText(/ni dovolil novega zavihka/)).toBeNull();
  await user.click(await findByRole("button", { name: "Odpri v svojem zavihku" }));
  await findByText(/^Brskalnik ni dovolil novega zavihka/);
});

// A gateway has one.
test.skipIf(isOverGateway)("a desk without a chat page offers no tab of its own", async () => {
  const { findByRole, queryByRole } = await openWidget({ route: "chat" });
  await findByRole("button", { name: "Začni klepet" });
  expect(queryByRole("button", { name: "Odpri v svojem zavihku" })).toBeNull();
});
