import type { Scene } from "./stage.ts";
import {
  agentCloses,
  agentResolves,
  agentWrites,
  box,
  button,
  choose,
  goTo,
  log,
  openHelp,
  overview,
  picture,
  rows,
  signIn,
  speak,
  ticketNamed,
  ticketOf,
} from "./steps.ts";

export const launcher: Scene = async ({ visit, shot }) => {
  const page = await visit();
  await shot("launcher", page);
  await openHelp(page);
  await page.getByRole("form", { name: "Prijavite se v svoj račun" }).waitFor();
  await shot("sign-in", page);
  await button(page, "Prijava").last().click();
  await shot("sign-in-empty", page);
};

export const trouble: Scene = async ({ visit, shot }) => {
  const page = await visit();
  await page.route("**/podpora/sl-*.js", (route) => route.abort());
  await button(page, "Pomoč").click();
  await page.getByText("Pomoči ni bilo mogoče naložiti").waitFor();
  await shot("trouble", page);
};

export const list: Scene = async ({ visit, shot }) => {
  const page = await visit();
  await signIn(page);
  await rows(page).waitFor();
  await shot("overview", page);
  await button(page, /^Vsi/).click();
  await page.getByText("Slovenščina - Gesla ni mogoče ponastaviti").waitFor();
  await shot("overview-all", page);
  await button(page, "Vaš račun").click();
  await page.getByText("Prijavljeni ste kot Ana Novak").waitFor();
  await shot("account-menu", page);
  await button(page, "Vaš račun").click();
  await button(page, "Zapri").click();
  await shot("launcher-badge", page);
};

/** A list longer than the screen, with some tickets changed since the member's last visit. */
export const news: Scene = async ({ demo, visit, shot }) => {
  const page = await visit();
  await page.clock.setSystemTime(Date.now() - 2 * 60 * 60_000);
  await page.reload();
  await signIn(page);
  await rows(page).waitFor();
  await page.waitForTimeout(500);
  const account = await ticketOf(demo, "Dveh računov ne morem združiti", "Imam dva računa.");
  agentWrites(demo, account.id, "Kateri e-naslov naj ostane?", "question");
  agentWrites(demo, (await ticketNamed(demo, "Račun za oktober")).id, "Je zdaj vse v redu?");
  await page.clock.setSystemTime(Date.now());
  await page.reload();
  await page.getByText("Novo od vašega zadnjega obiska").waitFor();
  await shot("overview-news", page);
  await page.getByRole("searchbox").fill("smučarska karta");
  await page.getByText("Ni zadetkov").waitFor();
  await shot("overview-search-empty", page);
};

export const thread: Scene = async ({ demo, visit, shot }) => {
  const page = await visit();
  await signIn(page);
  await button(page, /Čakanje na povratne informacije/).click();
  await page.getByText("Slovenščina - Aplikacija se zapre, ko dodam sliko").click();
  await log(page).getByText("Kateri telefon uporabljate").waitFor();
  await shot("thread-awaiting", page);
  await choose(page, [await picture(page), await picture(page, "še en posnetek.png")], "Priloži datoteke");
  await box(page, "Vaš odgovor").fill("Uporabljam dva telefona.\nNa obeh je različica 5.2.");
  await page.getByRole("list", { name: "Datoteke" }).waitFor();
  await shot("thread-reply-files", page);
  await goTo(page, `tickets/${(await ticketNamed(demo, "Račun za oktober")).id}`);
  await page.getByRole("button", { name: "Prikaži Račun za oktober s štirimi vrsticami" }).waitFor();
  await page.locator(".picture.drawn").first().waitFor();
  await log(page).evaluate((element) => (element.scrollTop = 180));
  await shot("thread-rich", page);
  await page.getByRole("button", { name: "Prikaži Račun za oktober s štirimi vrsticami" }).click();
  await page.getByRole("button", { name: "Povečaj" }).waitFor();
  await page.waitForTimeout(300);
  await shot("viewer", page);
};

/** A thread with every kind of content. */
export const longThread: Scene = async ({ demo, visit, shot }) => {
  const page = await visit();
  await signIn(page);
  const { id } = await ticketOf(
    demo,
    "Naročila ni mogoče plačati z darilnim bonom",
    "Bon vpišem in kliknem »Uporabi«.",
  );
  agentWrites(demo, id, "Kakšna je številka bona? Najdete jo na hrbtni strani.", "question");
  await goTo(page, `tickets/${id}`);
  await log(page).getByText("Kakšna je številka").waitFor();
  await choose(page, [await picture(page)], "Priloži datoteke");
  await choose(
    page,
    [{ name: "bon.txt", mimeType: "text/plain", buffer: Buffer.from("BON-2048") }],
    "Priloži datoteke",
  );
  await box(page, "Vaš odgovor").fill("Številka je na sliki.");
  await button(page, "Pošlji").click();
  await log(page).getByText("bon.txt").waitFor();
  await goTo(page, "tickets");
  await rows(page).waitFor();
  agentWrites(demo, id, "Hvala. Bon je bil vpisan napačno, zdaj velja.\n\n> Številka je na sliki.\n> Ana");
  await goTo(page, `tickets/${id}`);
  await page.getByRole("separator", { name: "Novo" }).waitFor();
  await page.locator(".picture.drawn").first().waitFor();
  await shot("thread-new", page);
  await log(page).evaluate((element) => (element.scrollTop = 0));
  await shot("thread-new-begin", page);
  agentResolves(demo, id);
  await page.getByRole("radio", { name: "4, dobra" }).waitFor();
  await shot("thread-resolved", page);
  await page.getByRole("radio", { name: "4, dobra" }).check({ force: true });
  await shot("thread-rating", page);
  await button(page, "Pošlji oceno").click();
  await page.getByText("Hvala za vašo oceno.").waitFor();
  await shot("thread-rated", page);
  agentCloses(demo, id);
  await page.getByText("Ta zahtevek je zaprt.").waitFor();
  await shot("thread-closed", page);
  await button(page, "Oddaj nov zahtevek o tem").click();
  await box(page, "Naslov zahtevka").waitFor();
  await shot("form-follow-up", page);
  await goTo(page, "tickets/9999");
  await page.getByText("To ni več na voljo.").waitFor();
  await shot("thread-gone", page);
};

/** A chat about an existing ticket. */
export const askLive: Scene = async ({ demo, agent, visit, shot }) => {
  await agent();
  const page = await visit();
  await signIn(page);
  await overview(page).waitFor();
  await goTo(page, `tickets/${(await ticketNamed(demo, "Račun za oktober")).id}`);
  await button(page, "Vprašaj v klepetu").click();
  await page.getByText("Agent bo videl, na kateri").waitFor();
  await shot("chat-about-ticket", page);
};

export const closedArea: Scene = async ({ visit, shot }) => {
  const page = await visit();
  await signIn(page, "boris");
  await page.getByRole("heading", { name: "Na voljo od ravni Silver" }).waitFor();
  await shot("closed-area", page);
};

/** Long words, and right-to-left text. */
export const languages: Scene = async ({ demo, visit, shot }) => {
  for (const tag of ["de", "ar"]) {
    const page = await visit();
    await signIn(page);
    await rows(page).waitFor();
    await speak(page, tag);
    await shot(`overview-${tag}`, page);
    await goTo(page, `tickets/${(await ticketNamed(demo, "Aplikacija se zapre")).id}`);
    await page.getByText("Kateri telefon uporabljate").first().waitFor();
    await shot(`thread-${tag}`, page);
    await goTo(page, "tickets/new");
    await page.locator("podpora-widget form.screen").waitFor();
    await page.locator("podpora-widget .screen > .field > input").fill("Naročila ni mogoče oddati");
    await page.locator("podpora-widget .notice .row").first().waitFor();
    await shot(`form-${tag}`, page);
    await page.locator("podpora-widget .submit").scrollIntoViewIfNeeded();
    await shot(`form-end-${tag}`, page);
  }
};
