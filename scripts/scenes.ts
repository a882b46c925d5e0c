import type { BrowserContextOptions, Page } from "playwright";

export interface Look {
  readonly name: string;
  readonly colorScheme: "light" | "dark";
  readonly viewport: { readonly width: number; readonly height: number };
  readonly hasTouch?: NonNullable<BrowserContextOptions["hasTouch"]>;
  readonly isMobile?: NonNullable<BrowserContextOptions["isMobile"]>;
}

export interface Stage {
  /** A page of a browser of its own. */
  readonly visit: (path?: string) => Promise<Page>;
  /** The agent's page, signed in: chat is open while it is. */
  readonly agent: () => Promise<Page>;
  readonly shot: (scene: string, page: Page) => Promise<void>;
}

type Scene = (stage: Stage) => Promise<void>;

const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name, exact: true });
const box = (page: Page, name: string | RegExp) => page.getByRole("textbox", { name });
const overview = (page: Page) => page.getByRole("heading", { name: "Moje tehnične težave" });
const rows = (page: Page) => page.getByRole("list", { name: "Moje tehnične težave" }).getByRole("button").first();

async function openHelp(page: Page, name = "Pomoč") {
  await button(page, name).click();
  await page.getByRole("dialog").waitFor();
}

async function signIn(page: Page, username: string) {
  await openHelp(page);
  const form = page.getByRole("form", { name: "Prijavite se v svoj račun" });
  await form.getByLabel("Uporabniško ime").fill(username);
  await form.getByLabel("Geslo").fill(`${username}-demo`);
  await form.getByRole("button", { name: "Prijava" }).click();
}

async function fillForm(page: Page) {
  await box(page, "Naslov zahtevka").fill("Naročila ni mogoče obdelati");
  await box(page, "Podroben opis težave").fill(
    "1. Odprem košarico.\n2. Kliknem »Plačaj«.\n3. Prikaže se »Naročila ni mogoče obdelati«.",
  );
  const chooser = page.waitForEvent("filechooser");
  await button(page, "Izberi datoteke").click();
  await (await chooser).setFiles({ name: "posnetek zaslona.png", mimeType: "image/png", buffer: await picture(page) });
  await page.getByText("Shranjeno v tej napravi").waitFor();
}

/** A picture that a desk can open, and that shows something. */
async function picture(page: Page): Promise<Buffer> {
  return await page.screenshot({ clip: { x: 0, y: 0, width: 320, height: 200 } });
}

/** Ana in the queue, past the notice that chat is in English only. */
async function joinQueue(page: Page) {
  await page.getByRole("tab", { name: "Klepet" }).click();
  await box(page, "Kako vam lahko pomagamo?").fill("Ne morem se prijaviti v aplikacijo.");
  await button(page, "Začni klepet").click();
  await button(page, "Vseeno začni klepet v angleščini").click();
  await page.getByRole("heading", { name: "Ste v čakalni vrsti" }).waitFor();
}

const signedOut: Scene = async ({ visit, shot }) => {
  const page = await visit();
  await shot("launcher", page);
  await openHelp(page);
  await page.getByRole("form", { name: "Prijavite se v svoj račun" }).waitFor();
  await shot("sign-in", page);
  await button(page, "Prijava").last().click();
  await shot("sign-in-empty", page);
};

const tickets: Scene = async ({ visit, shot }) => {
  const page = await visit();
  await signIn(page, "ana");
  await rows(page).waitFor();
  await shot("overview", page);
  await button(page, "Vsi").click();
  await page.getByText("Slovenščina - Gesla ni mogoče ponastaviti").waitFor();
  await shot("overview-all", page);
  await button(page, "Vaš račun").click();
  await page.getByText("Prijavljeni ste kot Ana Novak").waitFor();
  await shot("account-menu", page);
  await page.getByRole("combobox", { name: "Jezik" }).selectOption("ar");
  await page.locator("#podpora [dir=rtl]").first().waitFor();
  await page.keyboard.press("Escape");
  await shot("overview-arabic", page);
};

const form: Scene = async ({ visit, shot }) => {
  const page = await visit();
  await signIn(page, "ana");
  await overview(page).waitFor();
  await button(page, "Prijavi novo tehnično težavo").click();
  await button(page, "Prijavi tehnično težavo").click();
  await shot("form-empty-submitted", page);
  await fillForm(page);
  await box(page, "Naslov zahtevka").scrollIntoViewIfNeeded();
  await shot("form-filled", page);
  await button(page, "Prijavi tehnično težavo").scrollIntoViewIfNeeded();
  await shot("form-filled-end", page);
  await page.context().setOffline(true);
  await page.getByText("Ni povezave. Kar napišete").waitFor();
  await shot("offline", page);
  await page.context().setOffline(false);
  await button(page, "Prijavi tehnično težavo").click();
  await page.getByText(/Vaš zahtevek ima številko/).waitFor();
  await shot("thank-you", page);
};

const thread: Scene = async ({ visit, shot }) => {
  const page = await visit();
  await signIn(page, "ana");
  await button(page, /Čakanje na povratne informacije/).click();
  await page.getByText("Slovenščina - Aplikacija se zapre, ko dodam sliko").click();
  await page.getByRole("log", { name: "Sporočila" }).getByText("Kateri telefon uporabljate").waitFor();
  await shot("thread-awaiting", page);
};

const closedArea: Scene = async ({ visit, shot }) => {
  const page = await visit();
  await signIn(page, "boris");
  await page.getByRole("heading", { name: "Na voljo od ravni Silver" }).waitFor();
  await shot("closed-area", page);
};

const chatForms: Scene = async ({ visit, agent, shot }) => {
  const closed = await visit();
  await signIn(closed, "ana");
  await overview(closed).waitFor();
  await closed.getByRole("tab", { name: "Klepet" }).click();
  await closed.getByRole("heading", { name: "V klepetu trenutno ni nikogar" }).waitFor();
  await shot("chat-closed", closed);
  await agent();
  const page = await visit();
  await openHelp(page);
  await page.getByRole("tab", { name: "Klepet" }).click();
  await box(page, "Kako vam je ime?").waitFor();
  await shot("chat-form", page);
  const english = await visit("/en.html");
  await openHelp(english, "Help");
  await english.getByRole("tab", { name: "Live chat" }).click();
  await box(english, "What is your name?").waitFor();
  await shot("chat-form-english", english);
};

const chat: Scene = async ({ visit, agent, shot }) => {
  const desk = await agent();
  const page = await visit();
  await signIn(page, "ana");
  await overview(page).waitFor();
  await page.getByRole("tab", { name: "Klepet" }).click();
  await box(page, "Kako vam lahko pomagamo?").fill("Ne morem se prijaviti v aplikacijo.");
  await button(page, "Začni klepet").click();
  await page.getByRole("heading", { name: "Klepet je samo v angleščini" }).waitFor();
  await shot("language-notice", page);
  await page.getByRole("tab", { name: "Tehnične težave" }).click();
  await page.reload();
  await page.getByRole("dialog").waitFor();
  await joinQueue(page);
  await shot("queue", page);
  await desk.getByRole("button", { name: "Take the chat of Ana Novak" }).click();
  await page.getByRole("heading", { name: /Nina/ }).waitFor();
  await desk.getByRole("textbox").last().fill("Hello Ana! Which version of the app do you have?");
  await desk.keyboard.press("Enter");
  await box(page, "Sporočilo").fill("Version 5.2, on Android.");
  await page.keyboard.press("Enter");
  await desk.getByRole("log").getByText("Version 5.2").waitFor();
  await desk.getByRole("textbox").last().fill("Thanks, one moment");
  await page.getByText("Nina piše …").waitFor();
  await shot("conversation-typing", page);
  await shot("agent-chat", desk);
  await desk.getByRole("button", { name: "Ask for a ticket" }).click();
  await page.getByText("Nina vas prosi, da vložite zahtevek").waitFor();
  await shot("ticket-requested", page);
  await button(page, "Končaj klepet").click();
  await page.getByRole("heading", { name: "Klepet je končan." }).waitFor();
  await shot("ended-rating", page);
};

const agentTicket: Scene = async ({ agent, shot }) => {
  const page = await agent();
  await page.getByRole("button", { name: "Awaiting" }).click();
  await page.getByRole("link", { name: /Aplikacija se zapre/ }).click();
  await page.getByText("Kateri telefon uporabljate").first().waitFor();
  await shot("agent-ticket", page);
};

export const scenes: readonly Scene[] = [signedOut, tickets, form, thread, closedArea, chatForms, chat, agentTicket];

const readme: Scene = async ({ visit, agent, shot }) => {
  await agent();
  const page = await visit();
  await page.getByLabel("Uporabniško ime").fill("ana");
  await page.getByLabel("Geslo").fill("ana-demo");
  await button(page, "Prijava").click();
  await page.getByText("Pozdravljeni, Ana Novak").waitFor();
  await openHelp(page);
  await rows(page).waitFor();
  await button(page, "Vsi").click();
  await page.getByText("Slovenščina - Gesla ni mogoče ponastaviti").waitFor();
  await shot("overview", page);
};

export const readmeScenes: readonly Scene[] = [readme, agentTicket];
