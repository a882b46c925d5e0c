import { expect, test } from "vitest";
import { AdapterError } from "../../src/core/contract/errors.ts";
import { anasSession, behindGateway } from "../support/behind-gateway.ts";
import { isOverGateway, openWidget } from "../support/openWidget.tsx";
import { anasDesk } from "../support/scope.ts";

test("the panel is a dialog named after the team, and keeps the focus", async () => {
  const { findByRole, root } = await openWidget({
    adapter: behindGateway(anasDesk(), { ...anasSession, team: "Podpora članom" }),
  });
  const dialog = await findByRole("dialog", { name: "Podpora članom" });
  expect(dialog.lang).toBe("sl");
  await expect.poll(() => root.activeElement).toBe(dialog);
});

test("on its own page the panel is the main landmark and has no close button", async () => {
  const { findByRole, queryByRole } = await openWidget({ view: "page", route: "chat" });
  await findByRole("main", { name: "Pomoč" });
  expect(queryByRole("button", { name: "Zapri" })).toBeNull();
});

test("arrow keys move between the two tabs and wrap around", async () => {
  const { findByRole, getByRole, getAllByRole, user, root } = await openWidget();
  const tickets = await findByRole("tab", { name: "Tehnične težave", selected: true });
  expect(getAllByRole("tab").map((tab) => tab.tabIndex)).toEqual([0, -1]);
  expect(getByRole("tablist", { name: "Načini pomoči" }).contains(tickets)).toBe(true);

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

test("a desk with only tickets has no tabs", async () => {
  const { tickets } = anasDesk();
  const { findByRole, queryByRole } = await openWidget({
    adapter: { name: "tickets-only", ...(tickets && { tickets }) },
  });
  await findByRole("heading", { name: "Moje tehnične težave" });
  expect(queryByRole("tab")).toBeNull();
  expect(queryByRole("tabpanel")).toBeNull();
});

test("a desk with only chat shows its form, whatever route the page asked for", async () => {
  const { chat } = anasDesk();
  const { findByRole, queryByRole, widget } = await openWidget({
    adapter: { name: "chat-only", ...(chat && { chat }) },
  });
  await findByRole("heading", { name: "Klepet s tehnično podporo" });
  widget.navigate({ tab: "tickets", view: "new" });
  await findByRole("heading", { name: "Klepet s tehnično podporo" });
  expect(queryByRole("tab")).toBeNull();
});

test("Escape and the close button close the panel", async () => {
  const { findByRole, queryByRole, user, widget } = await openWidget();
  await findByRole("dialog");
  await user.keyboard("{Escape}");
  await expect.poll(() => queryByRole("dialog")).toBeNull();
  widget.show();
  await user.click(await findByRole("button", { name: "Zapri" }));
  await expect.poll(() => queryByRole("dialog")).toBeNull();
});

test("an unreachable server shows an error, and a click tries again", async () => {
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
  expect(alert.textContent).toContain("Podpora trenutno ni na voljo.");
  down = false;
  await user.click(getByRole("button", { name: "Poskusi znova" }));
  await findByRole("heading", { name: "Moje tehnične težave" });
});

test("a lost connection is shown once, and the message goes away when it is back", async () => {
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
])("the line under the team's name is correct for %j", async (availability, line) => {
  const { findByText } = await openWidget({ adapter: anasDesk({ availability }) });
  expect((await findByText(line)).textContent).toBe(line);
});

test("a closed team shows when it opens again", async () => {
  // 8:00 on a Monday, in the test's time zone.
  const opensAt = new Date(2030, 0, 7, 8).toISOString();
  const { findByText } = await openWidget({
    adapter: anasDesk({ availability: { open: false, opensAt } }),
    locale: "en",
  });
  expect((await findByText(/^Back/)).textContent).toMatch(/^Back Monday.*8:00/);
});

test("a blocked pop-up is explained", async () => {
  const adapter = behindGateway(anasDesk(), anasSession, async () => "https://help.example.org/chat#code=1");
  const drawn = await openWidget({ adapter, route: "chat", openChatPage: async () => false });
  const { findByRole, findByText, queryByText, user } = drawn;
  expect(queryByText(/ni dovolil novega zavihka/)).toBeNull();
  await user.click(await findByRole("button", { name: "Odpri v novem zavihku" }));
  await findByText(/^Brskalnik ni dovolil novega zavihka/);
});

// A gateway has one.
test.skipIf(isOverGateway)("a desk without a chat page offers no separate tab", async () => {
  const { findByRole, queryByRole } = await openWidget({ route: "chat" });
  await findByRole("button", { name: "Začni klepet" });
  expect(queryByRole("button", { name: "Odpri v novem zavihku" })).toBeNull();
});
