import type { Page } from "playwright";
import { describe, expect, test } from "vitest";
import { png } from "./made-pictures.ts";
import { createWorld, openHelp, signIn, tab } from "./world.ts";

/** The conversation about an issue, and its actions. */
const world = createWorld();

const log = (page: Page) => page.getByRole("log", { name: "Sporočila" });
const reply = (page: Page) => page.getByRole("textbox", { name: "Vaš odgovor" });
const status = (id: string) => world.rows("SELECT status FROM tickets WHERE id = ?", id)[0]?.["status"];
const texts = (id: string) =>
  world
    .rows("SELECT text FROM messages WHERE ticket_id = ? AND change IS NULL ORDER BY seq", id)
    .map(({ text }) => text);

async function openTicket(title: string, text?: string) {
  const ticket = await world.ticket(title, text);
  const page = await world.visit();
  await signIn(page);
  await page.getByRole("button", { name: new RegExp(title) }).click();
  await log(page).waitFor();
  return { page, ...ticket };
}

async function choose(page: Page, ...names: string[]) {
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Priloži datoteke" }).click();
  const colours = [
    [200, 30, 30],
    [30, 30, 200],
  ];
  await (
    await chooser
  ).setFiles(names.map((name, index) => ({ name, mimeType: "image/png", buffer: png(640, 480, colours[index % 2]) })));
}

test("every status change is a line with author and time, live, and the member makes the last one", async () => {
  const { page, id } = await openTicket("Račun ni prišel");
  const lines = () => log(page).locator(".change strong").allInnerTexts();
  world.agentWrites(id, "Na kateri naslov?", "question");
  await expect.poll(lines).toEqual(["Ekipa čaka na vaš odgovor"]);
  await reply(page).fill("Na domačega.");
  await page.keyboard.press("Enter");
  await expect.poll(lines).toEqual(["Ekipa čaka na vaš odgovor", "Znova odprt"]);
  await page.getByRole("button", { name: "Označi kot razrešen" }).click();
  await expect.poll(lines).toEqual(["Ekipa čaka na vaš odgovor", "Znova odprt", "Razrešen"]);
  expect(status(id)).toBe("resolved");
  await page.getByRole("button", { name: "Znova odpri" }).click();
  await expect.poll(() => status(id)).toBe("open");
  await expect.poll(async () => (await lines()).at(-1)).toBe("Znova odprt");
  const last = log(page).locator(".change").last();
  expect(await last.innerText()).toMatch(/Vi/);
  expect(await last.locator("time").getAttribute("datetime")).toMatch(/^\d{4}-\d\d-\d\dT/);
});

test("a line separates what is new since the last visit", async () => {
  const { page, id } = await openTicket("Račun ni prišel");
  expect(await log(page).getByRole("separator").count()).toBe(0);
  await page.getByRole("button", { name: "Nazaj na moje zahtevke" }).click();
  await page.getByRole("button", { name: "Prijavi novo tehnično težavo" }).waitFor();
  world.agentWrites(id, "Poslali smo ga znova.");
  await page.getByRole("button", { name: /Račun ni prišel.*neprebrano/ }).click();
  await log(page).getByRole("separator", { name: "Novo" }).waitFor();
  const shown = await log(page).innerText();
  expect(shown.indexOf("Novo")).toBeLessThan(shown.indexOf("Poslali smo ga znova."));
  expect(shown.indexOf("Novo")).toBeGreaterThan(shown.indexOf("Opis."));
});

test("a resolved issue can be rated with a comment; the desk has the rating, and it is not asked again", async () => {
  const { page, id } = await openTicket("Račun ni prišel");
  world.demo.desk.agents.tickets.setStatus(world.nina, id, "resolved");
  const form = page.getByRole("form", { name: "Kako ocenjujete pomoč pri tem zahtevku?" });
  await form.getByRole("radio", { name: "4, dobra" }).check({ force: true });
  await form.getByRole("textbox", { name: /Nekaj besed o tem/ }).fill("Hitro, hvala");
  await form.getByRole("button", { name: "Pošlji oceno" }).click();
  await page.getByText("Hvala za vašo oceno.").waitFor();
  expect(world.rows("SELECT score, comment FROM tickets WHERE id = ?", id)).toEqual([
    { score: 4, comment: "Hitro, hvala" },
  ]);
  await page.reload();
  await page.getByText("Hvala za vašo oceno.").waitFor();
  expect(await form.count()).toBe(0);
});

test("a reply to a resolved issue reopens it", async () => {
  const { page, id } = await openTicket("Račun ni prišel");
  world.demo.desk.agents.tickets.setStatus(world.nina, id, "resolved");
  await page.getByText("Ta zahtevek je razrešen. Če odgovorite, se znova odpre.").waitFor();
  await reply(page).fill("Žal še ne.");
  await page.keyboard.press("Enter");
  await expect.poll(() => status(id)).toBe("open");
  expect(texts(id)).toEqual(["Opis.", "Žal še ne."]);
});

test("“ask live” starts a chat about the issue, and the agent sees which", async () => {
  const { page, number } = await openTicket("Račun ni prišel");
  const agent = await world.agent();
  await agent
    .getByRole("switch")
    .or(agent.getByRole("checkbox", { name: /available/i }))
    .first()
    .check({ force: true });
  await page.getByRole("button", { name: "Vprašaj v klepetu" }).click();
  await expect.poll(() => tab(page, "Klepet").getAttribute("aria-selected")).toBe("true");
  await page.getByText("Agent bo videl, na kateri zahtevek se nanaša vaše vprašanje.").waitFor();
  const question = page.getByRole("textbox", { name: "Kako vam lahko pomagamo?" });
  expect(await question.inputValue()).toBe(`Glede zahtevka ${number}: Račun ni prišel`);
  await page.getByRole("button", { name: "Začni klepet" }).click();
  await page.getByRole("button", { name: /Vseeno začni klepet/ }).click();
  await page.getByRole("heading", { name: "Ste v čakalni vrsti" }).waitFor();
  const [conversation] = world.rows("SELECT ticket_id FROM conversations ORDER BY queue_order DESC LIMIT 1");
  expect(world.rows("SELECT number FROM tickets WHERE id = ?", String(conversation?.["ticket_id"]))).toEqual([
    { number: Number(number) },
  ]);
});

describe("an agent's answer", () => {
  test("is formatted and never executed; the quoted e-mail is collapsed", async () => {
    const { page, id } = await openTicket("Račun ni prišel");
    world.agentWrites(
      id,
      "**Pozdravljeni**, poskusite:\n\n1. Odprite [račune](https://example.org/racuni).\n2. Vpišite `racun`.\n\n<img src=x onerror=alert(1)>\n\nAna je napisala:\n> Račun ni prišel.\n> Lep pozdrav",
    );
    const answer = log(page).getByRole("article", { name: "Nina" });
    await answer.getByRole("list").waitFor();
    expect(await answer.getByRole("strong").innerText()).toBe("Pozdravljeni");
    expect(await answer.getByRole("link", { name: "račune" }).getAttribute("rel")).toContain("noopener");
    expect(await answer.getByText("<img src=x onerror=alert(1)>").count()).toBe(1);
    const quoted = answer.getByText("Lep pozdrav");
    expect(await quoted.isVisible()).toBe(false);
    await answer.getByText("Citirano besedilo").click();
    expect(await quoted.isVisible()).toBe(true);
  });
});

test("pictures are thumbnails that open large, with paging and zoom by keyboard", async () => {
  const { page, id } = await openTicket("Račun ni prišel");
  await choose(page, "prva.png", "druga.png");
  await expect.poll(() => page.locator(".chosen progress").count()).toBe(0);
  await page.getByRole("button", { name: "Pošlji", exact: true }).click();
  await expect.poll(() => texts(id).length).toBe(2);
  const thumbnail = log(page).getByRole("button", { name: "Prikaži prva.png" });
  await expect.poll(() => thumbnail.locator("canvas").evaluate((canvas: HTMLCanvasElement) => canvas.width)).toBe(320);
  await thumbnail.focus();
  await page.keyboard.press("Enter");
  const viewer = page.getByRole("dialog").filter({ hasText: "prva.png" }).last();
  await viewer.waitFor();
  await page.keyboard.press("ArrowRight");
  await page.getByRole("dialog").filter({ hasText: "druga.png" }).last().waitFor();
  await page.keyboard.press("+");
  await page.keyboard.press("Escape");
  await expect.poll(() => thumbnail.evaluate((element) => element.matches(":focus"))).toBe(true);
});

describe("a desk with errors", () => {
  const answers = [
    ["409", { status: 409, body: "{}" }],
    ["429 with a time to wait", { status: 429, headers: { "Retry-After": "1" }, body: "" }],
    ["500", { status: 500, body: "Internal Server Error" }],
    ["a page that is not JSON", { status: 200, contentType: "text/html", body: "<h1>Welcome to the hotel Wi-Fi</h1>" }],
  ] as const;

  test.each(answers)(
    "answers a reply with %s: the text is kept, and arrives once after recovery",
    async (_name, answer) => {
      const { page, id } = await openTicket("Račun ni prišel");
      let sick = true;
      await page.route("**/tickets/*/messages", async (route) => {
        if (sick && route.request().method() === "POST")
          await route.fulfill({ contentType: "application/json", ...answer });
        else await route.continue();
      });
      await reply(page).fill("Žal še ne.");
      await page.keyboard.press("Enter");
      const pending = log(page).locator(".pending");
      await pending.getByText("Žal še ne.").waitFor();
      const again = pending.getByRole("button", { name: "Poskusi znova" });
      await again.waitFor();
      expect(texts(id)).toEqual(["Opis."]);
      sick = false;
      // The automatic retry may be faster.
      await again.click({ timeout: 3_000 }).catch(() => undefined);
      await expect.poll(() => texts(id)).toEqual(["Opis.", "Žal še ne."]);
      await expect.poll(() => pending.count()).toBe(0);
    },
  );

  test("refuses a text that is too long, and the text goes back into the field", async () => {
    const { page, id } = await openTicket("Račun ni prišel");
    await page.route("**/tickets/*/messages", async (route) => {
      if (route.request().method() === "POST") await route.fulfill({ status: 413, body: "" });
      else await route.continue();
    });
    await reply(page).fill("Dolga zgodba");
    await page.keyboard.press("Enter");
    await page.getByText(/^Ni poslano\. To je preveliko\./).waitFor();
    await page.getByRole("button", { name: "Uredi" }).click();
    await expect.poll(() => reply(page).inputValue()).toBe("Dolga zgodba");
    expect(texts(id)).toEqual(["Opis."]);
  });

  test("that never answers: the list shows a timeout and what to do", async () => {
    const page = await world.visit();
    let silent = true;
    await page.route("**/podpora/tickets?*", async (route) => {
      if (!silent) await route.continue();
    });
    await page.clock.install();
    await signIn(page);
    await page
      .getByRole("status", { name: "Nalagamo vaše zahtevke …" })
      .or(page.getByText("Nalagamo vaše zahtevke …"))
      .first()
      .waitFor();
    await page.clock.fastForward(20_000);
    await page.getByText("Podpora ni odgovorila pravočasno. Poskusite znova.").waitFor();
    silent = false;
    // A restored connection may reload the list by itself first.
    await page
      .getByRole("button", { name: "Poskusi znova" })
      .click({ timeout: 3_000 })
      .catch(() => undefined);
    await page.getByRole("list", { name: "Moje tehnične težave" }).waitFor();
  });
});

test("a member can read and change only their own issues, whatever they request", async () => {
  const { id } = await world.ticket("Anin račun");
  const page = await world.visit("/en.html");
  await openHelp(page, "Help");
  const form = page.getByRole("form", { name: "Sign in to your account" });
  await form.getByLabel("Username").fill("carla");
  await form.getByLabel("Password").fill("carla-demo");
  const session = page.waitForResponse((response) => response.url().endsWith("/session/sign-in"));
  await form.getByRole("button", { name: "Sign in" }).click();
  const { token } = (await (await session).json()) as { token: string };
  const asked = await page.evaluate(
    async ([ticketId, bearer]) => {
      const clientId = crypto.randomUUID();
      const call = async (path: string, method = "GET", body?: object) => {
        const headers = {
          Authorization: `Bearer ${bearer}`,
          "Content-Type": "application/json",
          "Idempotency-Key": clientId,
        };
        return (
          await fetch(`/podpora/tickets/${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) })
        ).status;
      };
      return await Promise.all([
        call(String(ticketId)),
        call(`${ticketId}/messages`),
        call(`${ticketId}/messages`, "POST", { clientId, text: "x" }),
        call(`${ticketId}/status`, "PUT", { status: "resolved" }),
        call(`${ticketId}/rating`, "PUT", { score: 1 }),
      ]);
    },
    [id, token],
  );
  expect(asked).toEqual([404, 404, 404, 404, 404]);
  expect(status(id)).toBe("open");
  expect(texts(id)).toEqual(["Opis."]);
});
