import { readFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { png } from "./made-pictures.ts";
import { createWorld, joinQueue, openHelp, signIn, signInAtSite, tab } from "./world.ts";

/** One test per row of the guide: through the screen, then the desk's record. */
const world = createWorld();
const title = "Naročila ni mogoče obdelati";

/** A real picture that a desk can decode. */
const picture = png(64, 48);

describe("tehnične težave", () => {
  test("row 1: a member signs in with their existing user name and password", async () => {
    const page = await world.visit();
    await openHelp(page);
    const form = page.getByRole("form", { name: "Prijavite se v svoj račun" });
    await form.getByLabel("Uporabniško ime").fill("ana");
    await form.getByLabel("Geslo").fill("napačno geslo");
    await form.getByRole("button", { name: "Prijava" }).click();
    await page.getByText("Uporabniško ime in geslo se ne ujemata.").waitFor();
    await form.getByLabel("Geslo").fill("ana-demo");
    await form.getByRole("button", { name: "Prijava" }).click();
    await page.getByRole("heading", { name: "Moje tehnične težave" }).waitFor();
    await page.getByRole("button", { name: "Vaš račun" }).click();
    await page.getByText("Prijavljeni ste kot Ana Novak").waitFor();
    await page.getByText("Raven: Silver").waitFor();
    // The desk stores only a hash of her password.
    const [account] = world.rows("SELECT * FROM members WHERE username = 'ana'");
    expect(account).toMatchObject({ id: "ana", rank: "Silver" });
    expect(JSON.stringify(account)).not.toContain("ana-demo");
  });

  test("row 1: a member signed in at the site is not asked again", async () => {
    const page = await world.visit();
    await signInAtSite(page);
    await openHelp(page);
    await page.getByRole("heading", { name: "Moje tehnične težave" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "Moje tehnične težave" }).waitFor();
    await page.getByRole("button", { name: "Odjava" }).click();
    await page.getByRole("form", { name: "Prijavite se v svoj račun" }).waitFor();
  });

  test("row 2: there is an area for technical issues", async () => {
    const page = await world.visit();
    await signIn(page);
    await expect.poll(() => tab(page, "Tehnične težave").getAttribute("aria-selected")).toBe("true");
    await page
      .getByRole("tabpanel", { name: "Tehnične težave" })
      .getByRole("heading", { name: "Moje tehnične težave" })
      .waitFor();
  });

  test("row 3: a member below Silver sees what the area is, why it is closed and what to do", async () => {
    // Chat is offered instead while somebody is there.
    await world.agent();
    const page = await world.visit();
    await signIn(page, "boris");
    await page.getByRole("heading", { name: "Na voljo od ravni Silver" }).waitFor();
    await page.getByText("Ta funkcija je na voljo samo za raven Silver in višje ravni.").waitFor();
    await page.getByText("Vaša raven: Bronze.").waitFor();
    // The server enforces it, whatever the page shows.
    const status = await page.evaluate(async () => {
      const json = { "Content-Type": "application/json" };
      const credentials = JSON.stringify({ username: "boris", password: "boris-demo" });
      const session = await fetch("/podpora/session/sign-in", { method: "POST", headers: json, body: credentials });
      const { token } = (await session.json()) as { token: string };
      const clientId = crypto.randomUUID();
      const answer = await fetch("/podpora/tickets", {
        method: "POST",
        headers: { ...json, Authorization: `Bearer ${token}`, "Idempotency-Key": clientId },
        body: JSON.stringify({ clientId, title: "x", text: "y" }),
      });
      return answer.status;
    });
    expect(status).toBe(403);
    expect(world.rows("SELECT * FROM tickets WHERE member_id = 'boris'")).toEqual([]);
    await page.getByRole("button", { name: "Vprašaj v klepetu" }).click();
    await page.getByRole("heading", { name: "Klepet s tehnično podporo" }).waitFor();
  });

  test.each([
    ["rows 4 and 5: the overview shows the open requests", "Odprti", "status = 'open'"],
    ["row 6: the requests that wait for the member", "Čakanje na povratne informacije", "status = 'awaiting'"],
    ["row 7: all requests, submitted and resolved", "Vsi", "1 = 1"],
  ])("%s", async (_name, filter, where) => {
    const page = await world.visit();
    await signIn(page);
    await page.getByRole("button", { name: filter }).click();
    const expected = world
      .rows(`SELECT title FROM tickets WHERE member_id = 'ana' AND ${where} ORDER BY changed DESC`)
      .map((row) => row["title"]);
    expect(expected.length).toBeGreaterThan(0);
    const list = page.getByRole("list", { name: "Moje tehnične težave" });
    await expect.poll(() => list.locator(".row-title").allInnerTexts()).toEqual(expected);
  });

  test("row 6: an issue that waits for the member appears by itself, and the reply reopens it", async () => {
    const page = await world.visit();
    await signIn(page);
    const agent = await world.agent();
    const [ticket] = world.rows("SELECT * FROM tickets WHERE member_id = 'ana' AND status = 'open'");
    await agent.getByRole("link", { name: String(ticket?.["title"]) }).click();
    await agent.getByRole("radio", { name: "Ask for feedback" }).check({ force: true });
    await agent.getByRole("textbox", { name: "Ask for feedback" }).fill("Katero različico uporabljate?");
    await agent.getByRole("button", { name: "Ask for feedback" }).click();

    await page.getByRole("button", { name: /Čakanje na povratne informacije/ }).click();
    await page.getByRole("button", { name: new RegExp(String(ticket?.["title"])) }).click();
    await page.getByRole("log", { name: "Sporočila" }).getByText("Katero različico uporabljate?").waitFor();
    await page.getByText("Ekipa za nadaljevanje potrebuje vaš odgovor.").waitFor();
    await page.getByRole("textbox", { name: "Vaš odgovor" }).fill("Različico 5.2.");
    await page.getByRole("button", { name: "Pošlji" }).click();
    await agent.getByText("Različico 5.2.").waitFor();
    const status = () => world.rows("SELECT status FROM tickets WHERE id = ?", String(ticket?.["id"]))[0]?.["status"];
    await expect.poll(status).toBe("open");
  });

  test("row 8: a new request, with its language in the title, the steps and a picture", async () => {
    const page = await world.visit();
    await signIn(page);
    await page.getByRole("button", { name: "Prijavi novo tehnično težavo" }).click();
    await page.getByRole("textbox", { name: "Naslov zahtevka" }).fill(title);
    await page.getByText(`Ekipa ga vidi kot »Slovenščina - ${title}«.`).waitFor();
    await page
      .getByRole("textbox", { name: "Kaj se je zgodilo?" })
      .fill("Odprem košarico.\nKliknem »Plačaj«.\n<b>Napaka</b> 🙂");
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Izberi datoteke" }).click();
    await (await chooser).setFiles({ name: "posnetek zaslona č.png", mimeType: "image/png", buffer: picture });
    await page.getByRole("button", { name: "Prijavi tehnično težavo", exact: true }).click();
    const thanks = await page.getByText(/Vaš zahtevek ima številko (\d+)\./).innerText();

    const [ticket] = world.rows("SELECT * FROM tickets ORDER BY number DESC LIMIT 1");
    expect(ticket).toMatchObject({ member_id: "ana", title: `Slovenščina - ${title}`, status: "open", locale: "sl" });
    expect(thanks).toContain(String(ticket?.["number"]));
    const [message] = world.rows("SELECT * FROM messages WHERE ticket_id = ?", String(ticket?.["id"]));
    expect(message?.["text"]).toBe("Odprem košarico.\nKliknem »Plačaj«.\n<b>Napaka</b> 🙂");
    const [file] = world.rows(
      "SELECT a.* FROM attachments a JOIN message_attachments m ON m.attachment_id = a.id WHERE m.message_id = ?",
      String(message?.["id"]),
    );
    expect(file).toMatchObject({ name: "posnetek zaslona č.png", type: "image/png" });
    const stored = readFileSync(join(world.directory, "files", String(file?.["id"])));
    const sha = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
    expect(sha(stored)).toBe(sha(picture));

    await page.getByRole("button", { name: "Prikaži ta zahtevek" }).click();
    await page.getByRole("log").getByText("<b>Napaka</b>").waitFor();
    await page.getByRole("img", { name: "posnetek zaslona č.png" }).waitFor();
  });
});

describe("klepet", () => {
  const say = async (page: Awaited<ReturnType<typeof world.visit>>, box: string, text: string) => {
    await page.getByRole("textbox", { name: box }).fill(text);
    await page.keyboard.press("Enter");
  };

  test("row 9: a member and an agent exchange messages, and the desk has them", async () => {
    const agent = await world.agent();
    const page = await world.visit("/en.html");
    await joinQueue(page, "Vera", "Where is my order?");
    await agent.getByRole("button", { name: "Take the chat of Vera" }).click();
    await page.getByRole("heading", { name: "You’re chatting with Nina" }).waitFor();
    await say(page, "Message", "Hello!");
    await agent.getByRole("log").getByText("Hello!").waitFor();
    await agent.getByRole("textbox").last().fill("On its way.");
    await page.getByText("Nina is typing…").waitFor();
    await agent.keyboard.press("Enter");
    await page.getByRole("log").getByText("On its way.").waitFor();
    const said = world.rows("SELECT author_role, text FROM messages WHERE conversation_id IS NOT NULL ORDER BY seq");
    expect(said.filter((row) => row["author_role"] !== "system")).toEqual([
      { author_role: "member", text: "Where is my order?" },
      { author_role: "member", text: "Hello!" },
      { author_role: "agent", text: "On its way." },
    ]);
    await page.getByRole("button", { name: "End chat" }).click();
    await page.getByRole("heading", { name: "The chat has ended." }).waitFor();
    await page.getByRole("radio", { name: "5, very good" }).check();
    await page.getByRole("textbox", { name: /Tell us more/ }).fill("Quick!");
    await page.getByRole("button", { name: "Send rating" }).click();
    await page.getByText("Thank you for your rating.").waitFor();
    expect(world.rows("SELECT status, score, comment FROM conversations")).toEqual([
      { status: "ended", score: 5, comment: "Quick!" },
    ]);
  });

  test("row 10: the chat opens in a separate tab and continues there", async () => {
    const agent = await world.agent();
    const page = await world.visit("/en.html");
    await joinQueue(page, "Vera", "Where is my order?");
    const opened = page.context().waitForEvent("page");
    await page.getByRole("button", { name: "Open in a new tab" }).click();
    const own = await opened;
    await own.getByRole("heading", { name: "You’re in the queue" }).waitFor();
    // The one-time code was removed from the address.
    expect(new URL(own.url())).toMatchObject({ pathname: "/podpora/chat", hash: "" });
    await agent.getByRole("button", { name: "Take the chat of Vera" }).click();
    await own.getByRole("heading", { name: "You’re chatting with Nina" }).waitFor();
    await say(own, "Message", "From the other tab");
    await agent.getByRole("log").getByText("From the other tab").waitFor();
    await page.getByRole("heading", { name: "This chat is open in another tab." }).waitFor();
    await expect
      .poll(() => world.rows("SELECT count(*) AS n FROM messages WHERE text = 'From the other tab'")[0]?.["n"])
      .toBe(1);
    await own.reload();
    await own.getByRole("log").getByText("From the other tab").waitFor();
  });

  test("row 11: a form before the chat, with the guide's labels", async () => {
    await world.agent();
    const page = await world.visit("/en.html");
    await openHelp(page, "Help");
    await tab(page, "Live chat").click();
    await page.getByText("Get support with live chat. Enter a few details to start your online chat below.").waitFor();
    for (const [label, placeholder] of [
      ["What is your name?", "Enter your name..."],
      ["Member ID — optional", "Enter your member ID..."],
      ["Email address", "Enter your email address..."],
      ["How can we help?", "Enter your question..."],
    ] as const) {
      expect(await page.getByRole("textbox", { name: label }).getAttribute("placeholder")).toBe(placeholder);
    }
    await page.getByRole("button", { name: "Start chat" }).click();
    expect(await page.getByText("Please fill in this field.").count()).toBe(3);
    await expect
      .poll(() => page.getByRole("textbox", { name: "What is your name?" }).evaluate((box) => box.matches(":focus")))
      .toBe(true);
    await page.getByRole("textbox", { name: "What is your name?" }).fill("Vera");
    await page.getByRole("textbox", { name: /Member ID/ }).fill("4711");
    await page.getByRole("textbox", { name: "Email address" }).fill("vera@example.org");
    await page.getByRole("textbox", { name: "How can we help?" }).fill("Where is my order?");
    await page.getByRole("button", { name: "Start chat" }).click();
    await page.getByRole("heading", { name: "You’re in the queue" }).waitFor();
    expect(world.rows("SELECT name, email, member_number FROM conversations")).toEqual([
      { name: "Vera", email: "vera@example.org", member_number: "4711" },
    ]);
  });

  test("row 11: what is known is not asked again", async () => {
    await world.agent();
    const page = await world.visit("/en.html");
    await openHelp(page, "Help");
    const form = page.getByRole("form", { name: "Sign in to your account" });
    await form.getByLabel("Username").fill("carla");
    await form.getByLabel("Password").fill("carla-demo");
    await form.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "My technical issues" }).waitFor();
    await tab(page, "Live chat").click();
    await page.getByText("You’re chatting as Carla Rossi (carla@example.org).").waitFor();
    expect(await page.getByRole("tabpanel").getByRole("textbox").count()).toBe(1);
    await page.getByRole("textbox", { name: "How can we help?" }).fill("Hi");
    await page.getByRole("button", { name: "Start chat" }).click();
    await page.getByRole("heading", { name: "You’re in the queue" }).waitFor();
    expect(world.rows("SELECT member_id, name, email FROM conversations")).toEqual([
      { member_id: "carla", name: "Carla Rossi", email: "carla@example.org" },
    ]);
  });

  test("row 12: the place in the queue is shown and moves, then an agent answers", async () => {
    const agent = await world.agent();
    const [first, second] = [await world.visit("/en.html"), await world.visit("/en.html")];
    await joinQueue(first, "Vera", "One");
    await joinQueue(second, "Otto", "Two");
    await first.getByText("Your place in the queue: 1").waitFor();
    await second.getByText("Your place in the queue: 2").waitFor();
    await second.getByText("A team member will start a chat with you soon.").waitFor();
    await agent.getByRole("button", { name: "Take the chat of Vera" }).click();
    await second.getByText("Your place in the queue: 1").waitFor();
    await first.getByRole("heading", { name: "You’re chatting with Nina" }).waitFor();
    await agent.getByRole("button", { name: "Take the chat of Otto" }).click();
    await second.getByRole("heading", { name: "You’re chatting with Nina" }).waitFor();
    expect(world.rows("SELECT name, status, agent_id FROM conversations ORDER BY queue_order")).toEqual([
      { name: "Vera", status: "active", agent_id: "nina" },
      { name: "Otto", status: "active", agent_id: "nina" },
    ]);
  });

  test("row 13: a notice before the queue says that chat is only in English; a request gets the question", async () => {
    await world.agent();
    const page = await world.visit();
    await signIn(page);
    await page.getByRole("heading", { name: "Moje tehnične težave" }).waitFor();
    await tab(page, "Klepet").click();
    await page.getByRole("textbox", { name: "Kako vam lahko pomagamo?" }).fill("Ne morem se prijaviti.");
    await page.getByRole("button", { name: "Začni klepet" }).click();
    await page.getByText("Ta funkcija je na voljo samo v angleščini.").waitFor();
    expect(world.rows("SELECT * FROM conversations")).toEqual([]);
    await page.getByRole("button", { name: "Vloži zahtevek v slovenščini" }).click();
    expect(await page.getByRole("textbox", { name: "Kaj se je zgodilo?" }).inputValue()).toBe("Ne morem se prijaviti.");
    await page.getByRole("textbox", { name: "Naslov zahtevka" }).fill("Prijava ne deluje");
    await page.getByRole("button", { name: "Prijavi tehnično težavo", exact: true }).click();
    await page.getByText(/Vaš zahtevek ima številko/).waitFor();
    const [ticket] = world.rows("SELECT title FROM tickets ORDER BY number DESC LIMIT 1");
    expect(ticket).toEqual({ title: "Slovenščina - Prijava ne deluje" });
  });

  test("row 14: the agent asks for a request instead, which gets the conversation", async () => {
    const agent = await world.agent();
    const page = await world.visit();
    await signIn(page);
    await page.getByRole("heading", { name: "Moje tehnične težave" }).waitFor();
    await tab(page, "Klepet").click();
    await page.getByRole("textbox", { name: "Kako vam lahko pomagamo?" }).fill("Ne morem se prijaviti.");
    await page.getByRole("button", { name: "Začni klepet" }).click();
    await page.getByRole("button", { name: "Vseeno začni klepet v angleščini" }).click();
    await page.getByRole("heading", { name: "Ste v čakalni vrsti" }).waitFor();
    await agent.getByRole("button", { name: "Take the chat of Ana Novak" }).click();
    await agent.getByRole("textbox").last().fill("Please file a ticket.");
    await agent.keyboard.press("Enter");
    await agent.getByRole("button", { name: "Ask for a ticket" }).click();
    await page.getByText("Nina vas prosi, da vložite zahtevek, da boste dobili podporo v svojem jeziku.").waitFor();
    await page.getByRole("button", { name: "Vloži zahtevek" }).click();
    await page.getByText("Vaš klepet bo priložen").waitFor();
    expect(await page.getByRole("textbox", { name: "Kaj se je zgodilo?" }).inputValue()).toBe("Ne morem se prijaviti.");
    await page.getByRole("textbox", { name: "Naslov zahtevka" }).fill("Prijava ne deluje");
    await page.getByRole("button", { name: "Prijavi tehnično težavo", exact: true }).click();
    await page.getByText(/Vaš zahtevek ima številko/).waitFor();

    const [ticket] = world.rows("SELECT * FROM tickets ORDER BY number DESC LIMIT 1");
    const [conversation] = world.rows("SELECT * FROM conversations");
    expect(ticket?.["conversation_id"]).toBe(conversation?.["id"]);
    const texts = (column: string, id: unknown) =>
      world
        .rows(`SELECT text FROM messages WHERE ${column} = ? ORDER BY seq`, String(id))
        .map((row) => String(row["text"]))
        .join("\n");
    expect(texts("ticket_id", ticket?.["id"])).toContain("Please file a ticket.");
    expect(texts("conversation_id", conversation?.["id"])).toContain(String(ticket?.["number"]));
  });
});
