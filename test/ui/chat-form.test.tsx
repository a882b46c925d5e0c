import { expect, test } from "vitest";
import type { ChatRequest } from "../../src/core/contract/adapter.ts";
import { AdapterError } from "../../src/core/contract/errors.ts";
import { anasSession, behindGateway, guest, guestSession, open } from "../support/behind-gateway.ts";
import { withChat } from "../support/chats.ts";
import { openWidget } from "../support/openWidget.tsx";
import { anasDesk } from "../support/scope.ts";

const nobodyKnown = { ...guestSession, access: { tickets: open, chat: open } };
const speaksBoth = { open: true, languages: ["en", "sl"] };

/** Opens the form; `asked` has the requests that reach the desk. */
async function openForm({ session = nobodyKnown, locale = "sl", availability = speaksBoth } = {}) {
  const desk = anasDesk({ availability });
  const asked: ChatRequest[] = [];
  const listening = withChat(desk, {
    async open(request, ctx) {
      asked.push(request);
      const conversation = await desk.chat?.open(request, ctx);
      if (!conversation) throw new Error("the desk has no chat");
      return conversation;
    },
  });
  const drawn = await openWidget({ adapter: behindGateway(listening, session), locale, route: "chat" });
  return { ...drawn, desk, asked };
}

test("the form shows the team's languages before its questions", async () => {
  const adapter = anasDesk({ availability: { open: true, languages: ["en", "de"] } });
  const { findByText } = await openWidget({ adapter, route: "chat" });
  await findByText("Klepetamo v angleščini in v nemščini.");
});

test("the English form has the exact labels of the guide", async () => {
  const { findByRole, getByRole, getByText, getByPlaceholderText, getAllByRole } = await openForm({ locale: "en" });
  await findByRole("form", { name: "Tech Support Chat" });
  getByRole("tab", { name: "Live chat" });
  const lead = getByText(/^Get support with live chat/);
  expect(lead.textContent).toBe("Get support with live chat. Enter a few details to start your online chat below.");
  const fields = getAllByRole<HTMLInputElement>("textbox").map(({ labels, placeholder }) => [
    labels?.[0]?.textContent,
    placeholder,
  ]);
  expect(fields).toEqual([
    ["What is your name?", "Enter your name..."],
    ["Member ID — optional", "Enter your member ID..."],
    ["Email address", "Enter your email address..."],
    ["How can we help?", "Enter your question..."],
  ]);
  expect(getByPlaceholderText("Enter your email address...").getAttribute("inputmode")).toBe("email");
});

test("a guest enters name, number, e-mail and question, and joins the queue with them", async () => {
  const { findByRole, getByRole, user, asked } = await openForm();
  await user.type(await findByRole("textbox", { name: "Kako vam je ime?" }), "Ana");
  await user.type(getByRole("textbox", { name: "Številka člana — neobvezno" }), "4711");
  await user.type(getByRole("textbox", { name: "E-poštni naslov" }), "ana@example.org");
  await user.type(getByRole("textbox", { name: "Kako vam lahko pomagamo?" }), "Kje je naročilo?");
  await user.click(getByRole("button", { name: "Začni klepet" }));
  await findByRole("heading", { name: "Ste v čakalni vrsti" });
  const wanted = { name: "Ana", memberId: "4711", email: "ana@example.org", question: "Kje je naročilo?" };
  expect(asked).toEqual([{ ...wanted, clientId: expect.stringMatching(/^[\da-f-]{36}$/) }]);
});

test("a member known to the site is asked only for the question", async () => {
  const { findByText, getByRole, getAllByRole, findByRole, user, asked } = await openForm({ session: anasSession });
  await findByText("Klepetate kot Ana Novak (ana@example.org).");
  expect(getAllByRole("textbox")).toHaveLength(1);
  await user.type(getByRole("textbox", { name: "Kako vam lahko pomagamo?" }), "Kje je naročilo?");
  await user.click(getByRole("button", { name: "Začni klepet" }));
  await findByRole("heading", { name: "Ste v čakalni vrsti" });
  expect(asked[0]).toMatchObject({ name: "Ana Novak", email: "ana@example.org", question: "Kje je naročilo?" });
});

test("a member without an e-mail address is asked for it", async () => {
  const { findByRole } = await openForm({ session: { ...anasSession, member: { id: "ana", name: "Ana Novak" } } });
  expect(await findByRole("textbox", { name: "E-poštni naslov" })).toBeTruthy();
});

test("a guest with an unverified name is still asked", async () => {
  const member = { ...guest, name: "Ana Novak", email: "ana@example.org" };
  const { findByRole } = await openForm({ session: { ...nobodyKnown, member } });
  expect(await findByRole("textbox", { name: "Kako vam je ime?" })).toBeTruthy();
});

test("missing answers are shown at each field, the first one gets the focus, and the number is optional", async () => {
  const { findByRole, getByRole, findAllByText, user, root, asked } = await openForm();
  const name = await findByRole("textbox", { name: "Kako vam je ime?" });
  await user.click(getByRole("button", { name: "Začni klepet" }));
  expect(await findAllByText("Prosimo, izpolnite to polje.")).toHaveLength(3);
  await expect.poll(() => root.activeElement).toBe(name);
  expect(getByRole("textbox", { name: /^Številka člana/ }).getAttribute("aria-invalid")).toBeNull();
  expect(asked).toEqual([]);
});

test.each(["ana", "ana@", "@example.org", "ana example@org"])(
  "“%s” is not accepted as an e-mail address, and the error shows an example",
  async (email) => {
    const { findByRole, getByRole, user } = await openForm();
    await user.type(await findByRole("textbox", { name: "E-poštni naslov" }), email);
    await user.click(getByRole("button", { name: "Začni klepet" }));
    const field = await findByRole("textbox", {
      description: /^Vnesite veljaven e-poštni naslov, na primer ana@example\.org\.$/,
    });
    expect(field).toBe(getByRole("textbox", { name: "E-poštni naslov" }));
  },
);

test("a notice before the queue says that the team speaks another language; an issue gets the question", async () => {
  const { findByRole, findByText, getByRole, user, root, asked } = await openForm({
    session: anasSession,
    availability: { open: true, languages: ["en"] },
  });
  await user.type(await findByRole("textbox", { name: "Kako vam lahko pomagamo?" }), "Kje je naročilo?");
  await user.click(getByRole("button", { name: "Začni klepet" }));
  const notice = await findByRole("heading", { name: "Klepet je samo v angleščini" });
  await expect.poll(() => root.activeElement).toBe(notice);
  await findByText(
    /^Ta funkcija je na voljo samo v angleščini\. Če potrebujete podporo v slovenščini, vložite zahtevek\./,
  );
  getByRole("button", { name: "Vseeno začni klepet v angleščini" });
  expect(asked).toEqual([]);

  await user.click(getByRole("button", { name: "Vloži zahtevek v slovenščini" }));
  await findByRole("form", { name: "Prijavi novo tehnično težavo" });
  expect(getByRole<HTMLTextAreaElement>("textbox", { name: "Kaj se je zgodilo?" }).value).toBe("Kje je naročilo?");
  expect(getByRole<HTMLSelectElement>("combobox", { name: "Jezik zahtevka" }).value).toBe("sl");
  expect(asked).toEqual([]);
});

test("a member who chats in another language anyway joins the queue with the question", async () => {
  const { findByRole, user, asked } = await openForm({
    session: anasSession,
    availability: { open: true, languages: ["en"] },
  });
  await user.type(await findByRole("textbox", { name: "Kako vam lahko pomagamo?" }), "Where is my order?");
  await user.click(await findByRole("button", { name: "Začni klepet" }));
  await user.click(await findByRole("button", { name: "Vseeno začni klepet v angleščini" }));
  await findByRole("heading", { name: "Ste v čakalni vrsti" });
  expect(asked.map(({ question }) => question)).toEqual(["Where is my order?"]);
});

test("“Nazaj” on the language notice returns to the unchanged question", async () => {
  const { findByRole, user } = await openForm({
    session: anasSession,
    availability: { open: true, languages: ["en", "de"] },
  });
  await user.type(await findByRole("textbox", { name: "Kako vam lahko pomagamo?" }), "Kje je naročilo?");
  await user.click(await findByRole("button", { name: "Začni klepet" }));
  await findByRole("heading", { name: "Klepet je samo v angleščini in v nemščini" });
  await user.click(await findByRole("button", { name: "Nazaj" }));
  const question = await findByRole<HTMLTextAreaElement>("textbox", { name: "Kako vam lahko pomagamo?" });
  expect(question.value).toBe("Kje je naročilo?");
});

test("when nobody is online, the chat offers the issue form", async () => {
  const { findByRole, findByText, queryByRole, user } = await openForm({
    availability: { open: false, languages: ["sl"] },
  });
  await findByRole("heading", { name: "Klepet je trenutno zaprt" });
  await findByText(/^Prijavite tehnično težavo in/);
  expect(queryByRole("button", { name: "Začni klepet" })).toBeNull();
  await user.click(await findByRole("button", { name: "Prijavi tehnično težavo" }));
  await findByRole("form", { name: "Prijavi novo tehnično težavo" });
});

test("a chat that the desk can't open shows an error and keeps the text", async () => {
  const desk = anasDesk({ availability: speaksBoth });
  const refusing = withChat(desk, { open: () => Promise.reject(new AdapterError("unavailable", "too many chats")) });
  const { findByRole, getByRole, user } = await openWidget({
    adapter: behindGateway(refusing, anasSession),
    route: "chat",
  });
  await user.type(await findByRole("textbox", { name: "Kako vam lahko pomagamo?" }), "Kje je naročilo?");
  await user.click(getByRole("button", { name: "Začni klepet" }));
  expect((await findByRole("alert")).textContent).toContain("Podpora trenutno ni na voljo.");
  expect(getByRole<HTMLTextAreaElement>("textbox", { name: "Kako vam lahko pomagamo?" }).value).toBe(
    "Kje je naročilo?",
  );
});
