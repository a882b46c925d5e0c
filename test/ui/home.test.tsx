import { expect, test } from "vitest";
import type { CallContext } from "../../src/core/contract/adapter.ts";
import { anasChat } from "../support/chats.ts";
import { openWidget } from "../support/openWidget.tsx";
import { anasDesk } from "../support/scope.ts";
import { atSite } from "../support/site.ts";
import { anasTicket } from "../support/tickets.ts";

test("the first screen greets the member by name and shows the site's notice", async () => {
  const adapter = atSite(anasDesk(), { team: "IT-ekipa", notice: "Plačila danes zamujajo." });
  const { findByText, getByRole } = await openWidget({ adapter });
  await findByText("Pozdravljeni, Ana Novak");
  await findByText("Kako vam lahko pomagamo?");
  await findByText("Plačila danes zamujajo.");
  expect(getByRole("dialog", { name: "IT-ekipa" })).toBeTruthy();
});

test("a guest is greeted without their unverified name", async () => {
  const adapter = atSite(anasDesk(), { member: { id: "guest:1", name: "Support team", guest: true } });
  const { findByText } = await openWidget({ adapter });
  await findByText("Pozdravljeni");
});

test("the other screens have no greeting", async () => {
  const { findByRole, findByText, queryByText, user } = await openWidget({ adapter: atSite(anasDesk(), {}) });
  await findByText("Pozdravljeni, Ana Novak");
  await user.click(await findByRole("button", { name: "Prijavi novo tehnično težavo" }));
  await findByRole("heading", { name: "Prijavi novo tehnično težavo" });
  expect(queryByText("Pozdravljeni, Ana Novak")).toBeNull();
});

test("issues that wait for the member are at the top, and one click shows them", async () => {
  const adapter = anasDesk();
  await anasTicket(adapter, "Odprta");
  for (const title of ["Prva", "Druga"]) {
    const { id } = await anasTicket(adapter, title);
    await adapter.agent.askForFeedback(id, "Kateri brskalnik?");
  }
  const { findByRole, findByText, queryByRole, user } = await openWidget({ adapter });
  await user.click(await findByRole("button", { name: "2 zahtevka čakata na vaš odgovor" }));
  await findByText("Prva");
  expect(queryByRole("button", { name: "2 zahtevka čakata na vaš odgovor" })).toBeNull();
});

test("a running chat is one click away", async () => {
  const adapter = anasDesk();
  await anasChat(adapter);
  const { findByRole, user } = await openWidget({ adapter });
  await user.click(await findByRole("tab", { name: "Klepet" }));
  await findByRole("heading", { name: "Ste v čakalni vrsti" });
  await user.click(await findByRole("tab", { name: "Tehnične težave" }));
  await user.click(await findByRole("button", { name: "Nadaljuj klepet" }));
  await findByRole("heading", { name: "Ste v čakalni vrsti" });
});

test("an issue in the list shows the last message and its author", async () => {
  const adapter = anasDesk();
  const { id } = await anasTicket(adapter, "Gesla ni mogoče ponastaviti");
  const { findByRole, findByText } = await openWidget({ adapter });
  await findByText(/^Vi: /);
  await adapter.agent.replyToTicket(id, "Poskusite **zdaj**.");
  await findByText(/: Poskusite zdaj\.$/);
  expect(await findByRole("button", { name: /Gesla ni mogoče ponastaviti.*Poskusite zdaj/ })).toBeTruthy();
});

test("a member below the rank is never sent in a circle: neither closed area offers the other", async () => {
  const desk = anasDesk({ availability: { open: false } });
  const access = { tickets: { allowed: false, reason: "rank", from: "Silver" }, chat: { allowed: true } } as const;
  const { findByRole, queryByRole, queryByText, user } = await openWidget({ adapter: atSite(desk, { access }) });
  await findByRole("heading", { name: "Na voljo od ravni Silver" });
  await expect.poll(() => queryByRole("button", { name: "Vprašaj v klepetu" })).toBeNull();
  await user.click(await findByRole("tab", { name: "Klepet" }));
  await findByRole("heading", { name: "Klepet je trenutno zaprt" });
  expect(queryByText(/^Prijavite tehnično težavo in ekipa/)).toBeNull();
});

test("the notice is there for those who have not signed in", async () => {
  const access = { tickets: { allowed: false, reason: "sign-in" }, chat: { allowed: true } } as const;
  const adapter = atSite(anasDesk(), {
    access,
    notice: "Plačila danes zamujajo.",
    member: { id: "guest:1", guest: true },
  });
  const { findByText } = await openWidget({ adapter });
  await findByText("Plačila danes zamujajo.");
});

test("the notice is shown in the language that the member chooses", async () => {
  const notices: Readonly<Record<string, string>> = { sl: "Plačila danes zamujajo.", en: "Payments are slow today." };
  const adapter = atSite(anasDesk(), {});
  const current = async (ctx: CallContext) => {
    const session = await adapter.session?.current(ctx);
    if (!session) throw new Error("no session");
    return { ...session, notice: notices[ctx.locale] ?? "" };
  };
  const session = { current, signOut: async () => undefined };
  const { findByText, i18n, queryByText } = await openWidget({ adapter: { ...adapter, session } });
  await findByText("Plačila danes zamujajo.");
  await i18n.setLocale("en");
  await findByText("Payments are slow today.");
  expect(queryByText("Plačila danes zamujajo.")).toBeNull();
});
