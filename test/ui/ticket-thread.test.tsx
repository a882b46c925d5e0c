import { fireEvent, within } from "@testing-library/preact";
import { expect, onTestFinished, test, vi } from "vitest";
import type { MessageDraft } from "../../src/core/contract/adapter.ts";
import { AdapterError } from "../../src/core/contract/errors.ts";
import { openWidget } from "../support/openWidget.tsx";
import { anasDesk, context } from "../support/scope.ts";
import { anasTicket, brokenNetwork, withTickets } from "../support/tickets.ts";

type Reply = NonNullable<NonNullable<ReturnType<typeof anasDesk>["tickets"]>["reply"]>;

/** Opens Ana's only ticket; `guard` runs before the desk's own `reply`. */
async function openThread(guard?: (draft: MessageDraft) => void) {
  const desk = anasDesk();
  const ticket = await anasTicket(desk, "Naročila");
  const reply: Reply = async (id, draft, ctx) => {
    guard?.(draft);
    const message = await desk.tickets?.reply?.(id, draft, ctx);
    if (!message) throw new Error("the desk takes no replies");
    return message;
  };
  const drawn = await openWidget({ adapter: withTickets(desk, { reply }), route: `tickets/${ticket.id}` });
  const box = await drawn.findByRole<HTMLTextAreaElement>("textbox", { name: "Vaš odgovor" });
  await expect.poll(() => desk.agent.listeners()).toBe(1);
  const said = async () =>
    (await desk.agent.ticket(ticket.id))?.messages.filter(({ change }) => !change).map(({ text }) => text);
  return { ...drawn, desk, ticket, box, said };
}

test("the issue shows its title, number, status and all messages in order", async () => {
  const { ticket, desk, findByRole, findByText } = await openThread();
  await desk.agent.replyToTicket(ticket.id, "Pogledamo.");
  await findByRole("heading", { name: "Naročila" });
  await findByText("Št. 1001");
  await findByText("Odprt");
  await findByText("Pogledamo.");
  const log = await findByRole("log", { name: "Sporočila" });
  expect([...log.querySelectorAll("article")].map((message) => message.getAttribute("aria-label"))).toEqual([
    "Vi",
    "Nina",
  ]);
});

test("an agent's reply appears by itself, and an internal note does not", async () => {
  const { ticket, desk, findByText, queryByText } = await openThread();
  await desk.agent.addNote(ticket.id, "Ta član vedno kliče.");
  await desk.agent.askForFeedback(ticket.id, "Kateri brskalnik uporabljate?");
  await findByText("Kateri brskalnik uporabljate?");
  await findByText("Ekipa za nadaljevanje potrebuje vaš odgovor.");
  expect(queryByText("Ta član vedno kliče.")).toBeNull();
});

test("a reply is sent with Enter, appears once, and reopens an issue that waited for it", async () => {
  const { ticket, desk, box, said, user, findByText, queryByText, getAllByText } = await openThread();
  await desk.agent.askForFeedback(ticket.id, "Kateri brskalnik?");
  await findByText("Ekipa za nadaljevanje potrebuje vaš odgovor.");
  await user.type(box, "Firefox{Enter}");
  await expect.poll(said).toEqual(["Naročila: opis", "Kateri brskalnik?", "Firefox"]);
  await expect.poll(() => queryByText("Ekipa za nadaljevanje potrebuje vaš odgovor.")).toBeNull();
  await expect.poll(() => queryByText("Pošiljamo …")).toBeNull();
  expect(getAllByText("Firefox")).toHaveLength(1);
  expect(box.value).toBe("");
});

test("the button sends too, and returns the focus to the field", async () => {
  const { box, said, user, getByRole, root } = await openThread();
  const send = getByRole("button", { name: "Pošlji" });
  expect(send.getAttribute("aria-disabled")).toBe("true");
  await user.type(box, "Še nekaj");
  await expect.poll(() => send.getAttribute("aria-disabled")).toBe("false");
  await user.click(send);
  await expect.poll(said).toEqual(["Naročila: opis", "Še nekaj"]);
  expect(root.activeElement).toBe(box);
});

test("Shift+Enter breaks the line and sends nothing", async () => {
  const { box, said, user } = await openThread();
  await user.type(box, "prva{Shift>}{Enter}{/Shift}druga");
  expect(box.value).toBe("prva\ndruga");
  expect(await said()).toEqual(["Naročila: opis"]);
});

test("Enter that ends an IME composition does not send", async () => {
  const { box, said, user } = await openThread();
  await user.type(box, "日本");
  await expect.poll(() => box.value).toBe("日本");
  const goesOn = fireEvent.keyDown(box, { key: "Enter", isComposing: true });
  expect(goesOn).toBe(true);
  expect(box.value).toBe("日本");
  expect(await said()).toEqual(["Naročila: opis"]);
});

test("Enter in an empty field sends nothing", async () => {
  const { box, said, user } = await openThread();
  await user.type(box, "   {Enter}");
  expect(await said()).toEqual(["Naročila: opis"]);
});

test("a refused reply shows an error, and “Uredi” puts the text back into the field", async () => {
  const { box, said, user, findByRole, getByRole, queryByText } = await openThread(() => {
    throw new AdapterError("too-large", "too long");
  });
  await user.type(box, "Predolgo{Enter}");
  const alert = await findByRole("alert");
  expect(alert.textContent).toMatch(/^Ni poslano\. To je preveliko\./);
  expect(box.value).toBe("");
  await user.type(box, "in še");
  await user.click(getByRole("button", { name: "Uredi" }));
  await expect.poll(() => box.value).toBe("Predolgo\nin še");
  expect(queryByText(/^Ni poslano/)).toBeNull();
  expect(await said()).toEqual(["Naročila: opis"]);
});

test("a refused reply can be sent again unchanged", async () => {
  let refusing = true;
  const { box, said, user, findByRole, queryByRole } = await openThread(() => {
    if (refusing) throw new AdapterError("forbidden", "the desk is read-only");
  });
  await user.type(box, "Firefox{Enter}");
  await findByRole("alert");
  refusing = false;
  await user.click(await findByRole("button", { name: "Poskusi znova" }));
  await expect.poll(said).toEqual(["Naročila: opis", "Firefox"]);
  await expect.poll(() => queryByRole("alert")).toBeNull();
});

test("a reply without a network stays visible until it has arrived, once", async () => {
  const network = brokenNetwork();
  const { box, said, user, findByText, findByRole, queryByText, getAllByText } = await openThread(() =>
    network.check(),
  );
  await user.type(box, "Firefox{Enter}");
  await findByText(/^Še ni poslano\. Poskušamo naprej\./);
  network.mend();
  await user.click(await findByRole("button", { name: "Poskusi znova" }));
  await expect.poll(said).toEqual(["Naročila: opis", "Firefox"]);
  await expect.poll(() => queryByText(/^Še ni poslano/)).toBeNull();
  expect(getAllByText("Firefox")).toHaveLength(1);
});

test("a resolved issue says that a reply reopens it, and it does", async () => {
  const { ticket, desk, box, user, findByText } = await openThread();
  await desk.agent.resolveTicket(ticket.id);
  await findByText("Ta zahtevek je razrešen. Če odgovorite, se znova odpre.");
  await user.type(box, "Spet{Enter}");
  expect(await findByText("Odprt")).toBeTruthy();
});

test("a removed issue shows that it no longer exists, and offers the list", async () => {
  const { findByRole, user } = await openWidget({ route: "tickets/4711" });
  const alert = await findByRole("alert");
  expect(alert.textContent).toContain("To ni več na voljo. Morda je bilo izbrisano ali premaknjeno.");
  await user.click(within(alert).getByRole("button", { name: "Nazaj na moje zahtevke" }));
  await findByRole("heading", { name: "Moje tehnične težave" });
});

test("a desk without replies has no reply field", async () => {
  const desk = anasDesk();
  const { id } = await anasTicket(desk, "Naročila");
  const tickets = Object.fromEntries(Object.entries(desk.tickets ?? {}).filter(([name]) => name !== "reply"));
  const adapter = { ...desk, tickets: { create: () => Promise.reject(new Error("not asked for")), ...tickets } };
  const { findByText, queryByRole } = await openWidget({ adapter, route: `tickets/${id}` });
  await findByText("Naročila: opis");
  expect(queryByRole("textbox")).toBeNull();
});

test("a file of the issue can be saved under its name", async () => {
  const desk = anasDesk();
  const upload = await desk.uploads?.upload(new File(["besedilo"], "dnevnik.txt", { type: "text/plain" }), context());
  const { id } = await anasTicket(desk, "Naročila", { attachments: [upload?.id ?? ""] });
  const saved: string[] = [];
  const click = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
    saved.push(`${this.download} ${this.protocol}`);
  });
  onTestFinished(() => click.mockRestore());
  const { findByRole, user } = await openWidget({ adapter: desk, route: `tickets/${id}` });
  await user.click(await findByRole("button", { name: /^Prenesi dnevnik\.txt/ }));
  await expect.poll(() => saved).toEqual(["dnevnik.txt blob:"]);
});

test("an issue that could not be loaded is loaded again on a click", async () => {
  const desk = anasDesk();
  const { id } = await anasTicket(desk, "Naročila");
  let down = true;
  const adapter = withTickets(desk, {
    async thread(...args) {
      if (down) throw new AdapterError("unavailable", "down for maintenance");
      return (await desk.tickets?.thread?.(...args)) ?? { items: [] };
    },
  });
  const { findByRole, findByText, user } = await openWidget({ adapter, route: `tickets/${id}` });
  await findByText(/^Podpora trenutno ni na voljo\./);
  down = false;
  await user.click(await findByRole("button", { name: "Poskusi znova" }));
  expect(await findByText("Naročila: opis")).toBeTruthy();
});

test("a long issue opens with its newest messages, and shows earlier ones on a click", async () => {
  const desk = anasDesk();
  const { id } = await anasTicket(desk, "Naročila");
  // oxlint-disable-next-line no-await-in-loop -- in this order
  for (let index = 1; index <= 120; index += 1) await desk.agent.replyToTicket(id, `Odgovor ${index}`);
  const { findByText, findByRole, findByLabelText, queryByRole, queryByText, user } = await openWidget({
    adapter: desk,
    route: `tickets/${id}`,
  });
  await findByText("Odgovor 120");
  expect(queryByText("Odgovor 70")).toBeNull();
  await user.click(await findByRole("button", { name: "Prikaži prejšnja sporočila" }));
  await findByText("Odgovor 70");
  await user.click(await findByRole("button", { name: "Prikaži prejšnja sporočila" }));
  await findByText("Naročila: opis");
  await expect.poll(() => queryByRole("button", { name: "Prikaži prejšnja sporočila" })).toBeNull();
  const log = await findByLabelText("Sporočila");
  const texts = [...log.querySelectorAll(".bubble")].map((bubble) => bubble.textContent);
  expect(texts).toEqual(["Naročila: opis", ...Array.from({ length: 120 }, (_, index) => `Odgovor ${index + 1}`)]);
});

test("an issue that is closed for good takes no reply; what was written continues in a new issue", async () => {
  const { ticket, desk, box, user, findByText, findByRole, queryByRole } = await openThread();
  await user.type(box, "Še vedno ne deluje");
  await desk.agent.closeTicket(ticket.id);
  await findByText("Ta zahtevek je zaprt. Nanj ni več mogoče odgovoriti.");
  expect(queryByRole("textbox", { name: "Vaš odgovor" })).toBeNull();
  expect(queryByRole("button", { name: "Znova odpri" })).toBeNull();
  await user.click(await findByRole("button", { name: "Oddaj nov zahtevek o tem" }));
  const title = await findByRole<HTMLInputElement>("textbox", { name: "Naslov zahtevka" });
  await expect.poll(() => title.value).toBe("Naročila");
  const text = await findByRole<HTMLTextAreaElement>("textbox", { name: "Kaj se je zgodilo?" });
  expect(text.value).toBe("Nadaljevanje zahtevka št. 1001.\n\nŠe vedno ne deluje");
});

test("a colleague's message has the colleague's name and role", async () => {
  const { ticket, desk, findByRole } = await openThread();
  await desk.agent.replyAsParticipant(ticket.id, "Tudi pri meni.");
  const message = await findByRole("article", { name: "Petra" });
  expect(message.textContent).toContain("Udeleženec");
  expect(message.textContent).toContain("Tudi pri meni.");
});
