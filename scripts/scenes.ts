import { agentTicket, chat, chatForms } from "./scenes/chat.ts";
import { editor, form, formFields, formFiles, markPicture } from "./scenes/form.ts";
import type { Scene } from "./scenes/stage.ts";
import { button, log, openHelp, rows } from "./scenes/steps.ts";
import { askLive, closedArea, languages, launcher, list, longThread, news, thread, trouble } from "./scenes/tickets.ts";

export const scenes: Readonly<Record<string, Scene>> = {
  launcher,
  trouble,
  list,
  closedArea,
  chatForms,
  languages,
  formFields,
  formFiles,
  editor,
  thread,
  form,
  longThread,
  askLive,
  chat,
  agentTicket,
  news,
};

const readmeOverview: Scene = async ({ visit, agent, shot }) => {
  await agent();
  const page = await visit();
  await page.getByLabel("Uporabniško ime").fill("ana");
  await page.getByLabel("Geslo").fill("ana-demo");
  await button(page, "Prijava").click();
  await page.getByText("Pozdravljeni, Ana Novak").waitFor();
  await openHelp(page);
  await rows(page).waitFor();
  await button(page, /^Vsi/).click();
  await page.getByText("Slovenščina - Gesla ni mogoče ponastaviti").waitFor();
  await shot("overview", page);
  await page.getByText("Slovenščina - Račun za oktober je prazen").click();
  await page.locator("podpora-widget .picture.drawn").first().waitFor();
  await log(page).evaluate((element) => (element.scrollTop = 150));
  await shot("thread", page.getByRole("dialog"));
};

const readmeEditor: Scene = async ({ visit, shot }) => {
  const page = await visit();
  await page.setViewportSize({ width: 1000, height: 640 });
  await markPicture(page);
  await shot("editor", page);
};

export const readmeScenes: Readonly<Record<string, Scene>> = { readmeOverview, readmeEditor, agentTicket };
