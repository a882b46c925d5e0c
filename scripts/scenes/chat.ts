import type { Page } from "playwright";
import type { Scene } from "./stage.ts";
import { box, button, openHelp, overview, signIn } from "./steps.ts";

/** Puts Ana in the queue, past the notice that the team answers in English only. */
async function joinQueue(page: Page) {
  await page.getByRole("tab", { name: "Klepet" }).click();
  await box(page, "Kako vam lahko pomagamo?").fill("Ne morem se prijaviti v aplikacijo.");
  await button(page, "Začni klepet").click();
  await button(page, "Vseeno začni klepet v angleščini").click();
  await page.getByRole("heading", { name: "Ste v čakalni vrsti" }).waitFor();
}

export const chatForms: Scene = async ({ visit, agent, shot }) => {
  const closed = await visit();
  await signIn(closed);
  await overview(closed).waitFor();
  await closed.getByRole("tab", { name: "Klepet" }).click();
  await closed.getByRole("heading", { name: "Klepet je trenutno zaprt" }).waitFor();
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

export const chat: Scene = async ({ visit, agent, shot }) => {
  const desk = await agent();
  const page = await visit();
  await signIn(page);
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
  await page.getByRole("checkbox", { name: "Obvestite me, ko bom na vrsti" }).check();
  await shot("queue", page);
  await desk.getByRole("button", { name: "Take the chat of Ana Novak" }).click();
  await page.getByRole("heading", { name: /Nina/ }).waitFor();
  await desk.getByRole("textbox").last().fill("Hello Ana! Which version of the app do you have?");
  await desk.keyboard.press("Enter");
  await box(page, "Sporočilo").fill("Version 5.2, on Android.");
  await button(page, "Pošlji").click();
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
  await button(page, "Začni nov klepet").click();
  await button(page, /^Vaš zadnji klepet/).waitFor();
  await shot("chat-form-last", page);
};

export const agentTicket: Scene = async ({ agent, shot }) => {
  const page = await agent();
  await page.getByRole("button", { name: "Awaiting" }).click();
  await page.getByRole("link", { name: /Aplikacija se zapre/ }).click();
  await page.getByText("Kateri telefon uporabljate").first().waitFor();
  await shot("agent-ticket", page);
};
