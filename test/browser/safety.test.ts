import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { chromium, type Page } from "playwright";
import { describe, expect, inject, test } from "vitest";
import { isFirefox } from "./engine.ts";
import { chooseFiles } from "./choose-files.ts";
import { largePng } from "./made-pictures.ts";
import { freePort } from "../support/free-ports.ts";
import { createWorld, isBundle, desktop, joinQueue, openHelp, signIn, signInAtSite } from "./world.ts";

/** Nothing that was typed is lost, and nothing is sent twice. */
const world = createWorld();

async function openForm(page: Page) {
  await signIn(page);
  await page.getByRole("button", { name: "Prijavi novo tehnično težavo" }).click();
}
const titleBox = (page: Page) => page.getByRole("textbox", { name: "Naslov zahtevka" });
const textBox = (page: Page) => page.getByRole("textbox", { name: "Kaj se je zgodilo?" });
const submit = (page: Page) => page.getByRole("button", { name: "Prijavi tehnično težavo", exact: true });
const tickets = () =>
  world.rows("SELECT title FROM tickets WHERE member_id = 'ana' AND number > 1004").map((row) => row["title"]);

/** Returns the file's size. */
async function choose(page: Page, about: number, name = "velika.png") {
  const buffer = largePng(about);
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Izberi datoteke" }).click();
  await chooseFiles(await chooser, [{ name, mimeType: "image/png", buffer }]);
  return buffer.length;
}

describe("a half-filled form", () => {
  test("is restored after a reload, with its files", async () => {
    const page = await world.visit();
    await openForm(page);
    await titleBox(page).fill("Naročila");
    await textBox(page).fill("Odprem košarico");
    await choose(page, 20_000, "slika.png");
    await page.getByRole("list", { name: "Datoteke" }).getByText("slika.png").waitFor();
    await page.getByText("Shranjeno v tej napravi").waitFor();
    await page.reload();
    await expect.poll(() => titleBox(page).inputValue()).toBe("Naročila");
    expect(await textBox(page).inputValue()).toBe("Odprem košarico");
    await page.getByRole("list", { name: "Datoteke" }).getByText("slika.png").waitFor();
  });

  test("belongs to its member: signing out deletes it, and the next person sees nothing", async () => {
    const page = await world.visit();
    await openForm(page);
    await titleBox(page).fill("Anina skrivnost");
    await page.getByText("Shranjeno v tej napravi").waitFor();
    await page.getByRole("button", { name: "Vaš račun" }).click();
    await page.getByRole("button", { name: "Odjava" }).click();
    await page.getByRole("form", { name: "Prijavite se v svoj račun" }).waitFor();
    const stored = await page.evaluate(async () => {
      const [{ name }] = (await indexedDB.databases()) as [{ name: string }];
      const database = await new Promise<IDBDatabase>((resolve) => {
        const request = indexedDB.open(name);
        request.onsuccess = () => resolve(request.result);
      });
      const all = database.transaction("values").objectStore("values");
      const read = (request: IDBRequest) =>
        new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
      return JSON.stringify([await read(all.getAllKeys()), await read(all.getAll())]);
    });
    expect(stored).not.toContain("skrivnost");
    expect(stored).not.toContain("member:ana");
  });

  test("is deleted by the site's own sign-out too, on a page where the panel was never opened", async () => {
    const page = await world.visit();
    await openForm(page);
    await titleBox(page).fill("Anina skrivnost");
    await page.getByText("Shranjeno v tej napravi").waitFor();
    await page.getByRole("button", { name: "Zapri", exact: true }).click();
    await page.goto(`${world.demo.origin}/en.html`);
    await page.evaluate(() => window.Podpora?.("logout"));
    await openHelp(page, "Help");
    await page.getByRole("form", { name: "Sign in to your account" }).waitFor();
    const left = await page.evaluate(async () => {
      const [{ name }] = (await indexedDB.databases()) as [{ name: string }];
      const database = await new Promise<IDBDatabase>((resolve) => {
        const request = indexedDB.open(name);
        request.onsuccess = () => resolve(request.result);
      });
      const values = database.transaction("values").objectStore("values");
      const [keys, all] = [values.getAllKeys(), values.getAll()];
      await new Promise((resolve) => (all.onsuccess = resolve));
      return { keys: keys.result.map(String), text: JSON.stringify(all.result) };
    });
    // The public session, the time of the last visit and the number of sign-outs are not personal data.
    expect(left.keys.filter((key) => !["guest/kept/session", "people"].includes(key))).toEqual(["sign-outs"]);
    expect(left.text).not.toMatch(/ana|Anina/i);
  });

  test("is deleted without a network, and the panel says what to do", async () => {
    const page = await world.visit();
    await openForm(page);
    await page.context().setOffline(true);
    await page.getByRole("button", { name: "Vaš račun" }).click();
    await page.getByRole("button", { name: "Odjava" }).click();
    await page.getByText("Ni povezave s podporo.").waitFor();
    await page.getByRole("button", { name: "Poskusi znova" }).waitFor();
    // No click needed: the panel continues by itself once there is a network.
    await page.context().setOffline(false);
    await page.getByRole("form", { name: "Prijavite se v svoj račun" }).waitFor();
  });

  test.skipIf(isFirefox)("survives a kill -9 of the browser", async () => {
    const profile = mkdtempSync(join(tmpdir(), "podpora-profile-"));
    const launch = async () => {
      const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];
      const context = await chromium.launchPersistentContext(profile, {
        executablePath: inject("browser"),
        args,
        ...desktop,
      });
      const page = context.pages()[0] ?? (await context.newPage());
      await page.goto(`${world.demo.origin}/`);
      return { context, page };
    };
    try {
      const before = await launch();
      await openForm(before.page);
      await textBox(before.page).pressSequentially("Tik pred izpadom elektrike");
      await before.page.getByText("Shranjeno v tej napravi").waitFor();
      // Chromium's profile lock is a link that contains the process id.
      const browser = Number(readlinkSync(join(profile, "SingletonLock")).split("-").at(-1));
      const closed = new Promise((resolve) => before.context.once("close", resolve));
      process.kill(browser, "SIGKILL");
      await closed;
      rmSync(join(profile, "SingletonLock"), { force: true });

      const after = await launch();
      await after.page.goto(`${world.demo.origin}/#podpora=tickets/new`);
      await expect.poll(() => textBox(after.page).inputValue()).toBe("Tik pred izpadom elektrike");
      await after.context.close();
    } finally {
      rmSync(profile, { recursive: true, force: true });
    }
  });
});

describe("a lost network", () => {
  test("a submitted issue waits, says so, and arrives once when the network is back", async () => {
    const page = await world.visit();
    await openForm(page);
    await titleBox(page).fill("Brez povezave");
    await textBox(page).fill("Vlak v predoru");
    await page.context().setOffline(true);
    await submit(page).click();
    await page.getByText("Še ni poslano: ni povezave.").waitFor();
    await page.getByText("Ni povezave. Kar napišete").waitFor();
    expect(tickets()).toEqual([]);
    await page.context().setOffline(false);
    await page.getByText(/Vaš zahtevek ima številko/).waitFor();
    expect(tickets()).toEqual(["Slovenščina - Brez povezave"]);
  });

  test("a lost response does not create a second ticket", async () => {
    const page = await world.visit();
    await openForm(page);
    let lost = 0;
    await page.route("**/podpora/tickets", async (route) => {
      if (route.request().method() !== "POST" || lost++ > 0) return route.continue();
      await route.fetch();
      await route.abort("connectionreset");
    });
    await titleBox(page).fill("Izgubljen odgovor");
    await textBox(page).fill("Enkrat");
    await submit(page).click();
    await page.getByText(/Vaš zahtevek ima številko/).waitFor();
    expect(lost).toBeGreaterThan(1);
    expect(tickets()).toEqual(["Slovenščina - Izgubljen odgovor"]);
  });

  test("a reply is sent even if its issue was left and the page reloaded", async () => {
    const page = await world.visit();
    await signIn(page);
    await page.locator(".row").first().click();
    await page.route("**/messages", (route) =>
      route.request().method() === "POST" ? route.abort() : route.continue(),
    );
    await page.getByRole("textbox", { name: "Vaš odgovor" }).fill("Na poti");
    await page.keyboard.press("Enter");
    await page.getByText("Še ni poslano.").waitFor();
    await page.getByRole("button", { name: "Nazaj na moje zahtevke" }).click();
    await page.unroute("**/messages");
    await page.reload();
    await expect.poll(() => world.rows("SELECT count(*) AS n FROM messages WHERE text = 'Na poti'")[0]?.["n"]).toBe(1);
  });

  test("a reload during sending still sends it, once", async () => {
    const page = await world.visit();
    await openForm(page);
    // The first try hangs until the page unloads; later ones pass.
    let tries = 0;
    await page.route("**/podpora/tickets", (route) =>
      route.request().method() === "POST" && ++tries === 1 ? undefined : route.continue(),
    );
    await titleBox(page).fill("Ponovno naložena");
    await textBox(page).fill("Sredi pošiljanja");
    await submit(page).click();
    await page.getByRole("button", { name: "Pošiljamo …" }).waitFor();
    await expect.poll(() => tries).toBe(1);
    await page.reload();
    await page.getByText(/Vaš zahtevek ima številko/).waitFor();
    expect(tickets()).toEqual(["Slovenščina - Ponovno naložena"]);
  });

  test("a partly uploaded file continues after a reload, byte for byte", async () => {
    const page = await world.visit();
    await openForm(page);
    let patches = 0;
    let holding = true;
    await page.route("**/podpora/uploads/*", (route) =>
      route.request().method() === "PATCH" && ++patches > 2 && holding ? undefined : route.continue(),
    );
    const bytes = await choose(page, 3_000_000);
    await expect.poll(() => patches).toBe(3);
    const offsets: string[] = [];
    holding = false;
    page.on("request", (request) => {
      if (request.method() === "PATCH") offsets.push(request.headers()["upload-offset"] ?? "");
    });
    await page.reload();
    await page.getByText("3 MB", { exact: true }).waitFor();
    // The upload resumed: the first two chunks were not sent again.
    expect(Number(offsets[0])).toBeGreaterThan(0);
    await titleBox(page).fill("Velika slika");
    await textBox(page).fill("Glej sliko");
    await submit(page).click();
    await page.getByText(/Vaš zahtevek ima številko/).waitFor();
    expect(world.rows("SELECT name, bytes FROM attachments ORDER BY at DESC LIMIT 1")).toEqual([
      { name: "velika.png", bytes },
    ]);
  });
});

test("a chat message written just before a reload without a network arrives once", async () => {
  const agent = await world.agent();
  const page = await world.visit("/en.html");
  await joinQueue(page, "Vera", "Hi");
  await agent.getByRole("button", { name: "Take the chat of Vera" }).click();
  await page.getByRole("heading", { name: "You’re chatting with Nina" }).waitFor();
  await page.route("**/messages", (route) => route.abort("connectionreset"));
  for (const text of ["One", "Two"]) {
    await page.getByRole("textbox", { name: "Message" }).fill(text);
    await page.keyboard.press("Enter");
  }
  await page.getByText("Not sent yet. We’ll keep trying.").first().waitFor();
  await page.unroute("**/messages");
  await page.reload();
  await agent.getByRole("log").getByText("Two").waitFor();
  const said = world.rows(
    "SELECT text FROM messages WHERE author_role = 'member' AND conversation_id IS NOT NULL ORDER BY seq",
  );
  expect(said.map((row) => row["text"])).toEqual(["Hi", "One", "Two"]);
});

describe("a server that dies", () => {
  test("kill -9 right after the response loses nothing, and the widget continues by itself", async () => {
    await using server = await mortalServer();
    const page = await world.visit();
    await page.goto(server.origin);
    await openForm(page);
    await titleBox(page).fill("Pred izpadom");
    await textBox(page).fill("Shranjeno?");
    const answered = page.waitForResponse(
      (answer) => answer.request().method() === "POST" && answer.url().endsWith("/tickets"),
    );
    await submit(page).click();
    await answered;
    await server.kill();
    await page.getByText(/Vaš zahtevek ima številko/).waitFor();
    expect(server.count("tickets WHERE title = 'Slovenščina - Pred izpadom'")).toBe(1);

    // Written while the server is down, sent when it is back.
    await server.start();
    await page.getByRole("button", { name: "Prikaži ta zahtevek" }).click();
    await page.getByRole("log").getByText("Shranjeno?").waitFor();
    await server.kill();
    await page.getByRole("textbox", { name: "Vaš odgovor" }).fill("Med izpadom");
    await page.keyboard.press("Enter");
    await page.getByText("Še ni poslano.").waitFor();
    await server.start();
    await expect.poll(() => server.count("messages WHERE text = 'Med izpadom'"), { timeout: 40_000 }).toBe(1);
    await page.getByRole("article", { name: "Vi" }).getByText("Med izpadom").waitFor();
  });

  test("kill -9 during an upload: the upload resumes", async () => {
    await using server = await mortalServer();
    const page = await world.visit();
    await page.goto(server.origin);
    await openForm(page);
    let patches = 0;
    await page.route("**/podpora/uploads/*", (route) =>
      route.request().method() !== "PATCH" || ++patches <= 3 ? route.continue() : undefined,
    );
    const bytes = await choose(page, 3_000_000);
    await expect.poll(() => patches).toBe(4);
    await server.kill();
    await page.unroute("**/podpora/uploads/*");
    const offsets: number[] = [];
    page.on("request", (request) => {
      if (request.method() === "PATCH") offsets.push(Number(request.headers()["upload-offset"]));
    });
    await server.start();
    await page.reload();
    await page.getByText("3 MB", { exact: true }).waitFor();
    expect(offsets[0]).toBeGreaterThan(0);
    expect(server.count(`attachments WHERE bytes = ${bytes}`)).toBe(1);
  });

  test("a browser without locks, storage and channels still files a ticket and keeps a stream", async () => {
    const page = await world.visit("about:blank");
    await page.addInitScript(() => {
      const refuse = () => {
        throw new DOMException("The operation is insecure.", "SecurityError");
      };
      Object.defineProperty(window, "BroadcastChannel", { value: refuse });
      Object.defineProperty(IDBFactory.prototype, "open", { value: refuse });
      Object.defineProperty(LockManager.prototype, "request", { value: async () => refuse() });
    });
    await page.goto(world.demo.origin);
    await openForm(page);
    await titleBox(page).fill("Zaprt brskalnik");
    await textBox(page).fill("Nič se ne shrani");
    await page.getByText(/^Vaš brskalnik ne shranjuje osnutkov/).waitFor();
    await submit(page).click();
    await page.getByRole("button", { name: "Prikaži ta zahtevek" }).click();
    const [made] = world.rows("SELECT id FROM tickets WHERE title LIKE '%Zaprt brskalnik'");
    await page.getByRole("log").getByText("Nič se ne shrani").waitFor();
    world.agentWrites(String(made?.["id"]), "Vidimo.");
    await page.getByRole("log").getByText("Vidimo.").waitFor();
  });

  test.skipIf(isBundle)(
    "texts that can't be loaded are requested again, and a click shows an error in the member's language",
    async () => {
      const page = await world.visit();
      let broken = true;
      await page.route(/\/podpora\/(?:sl|en)-\w+\.js/, (route) =>
        broken ? route.abort("connectionreset") : route.continue(),
      );
      await page.getByRole("button", { name: "Pomoč", exact: true }).click();
      await page.getByText("Pomoči ni bilo mogoče naložiti.").waitFor();
      broken = false;
      await page.getByRole("button", { name: "Poskusi znova" }).click();
      await page.getByRole("heading", { name: "Prijavite se in oglejte si svoje zahtevke" }).waitFor();
      expect(await page.getByText(/Pomoči ni bilo mogoče naložiti/).count()).toBe(0);
    },
  );

  test("an unreachable gateway is reported in the member's language, and the panel recovers by itself", async () => {
    const page = await world.visit();
    await page.route("**/podpora/session", (route) => route.abort("connectionrefused"));
    await openHelp(page);
    await page.getByText("Ni povezave s podporo. Preverite omrežje in poskusite znova.").waitFor();
    await page.getByRole("button", { name: "Poskusi znova" }).waitFor();
    await page.unroute("**/podpora/session");
    await page.getByRole("heading", { name: "Prijavite se in oglejte si svoje zahtevke" }).waitFor();
  });
});

describe("bad input", () => {
  test("a title of 10,000 characters is refused with its limit, and stays", async () => {
    const page = await world.visit();
    await openForm(page);
    await titleBox(page).fill("x".repeat(10_000));
    await textBox(page).fill("y");
    await submit(page).click();
    await page.getByText(/Prosimo, skrajšajte na 300 znakov\./).waitFor();
    expect((await titleBox(page).inputValue()).length).toBe(10_000);
    expect(tickets()).toEqual([]);
  });

  test("emoji, right-to-left text and markup arrive as typed and are never executed", async () => {
    const nasty = `🙂 שלום <script>window.hacked = 1</script> "&amp;' <img src=x onerror="window.hacked=1"> \u202Eobrnjeno`;
    const page = await world.visit();
    const agent = await world.agent();
    await openForm(page);
    await titleBox(page).fill(nasty);
    await textBox(page).fill(nasty);
    await submit(page).click();
    await page.getByRole("button", { name: "Prikaži ta zahtevek" }).click();
    await page.getByRole("log").getByText("<script>window.hacked = 1</script>").waitFor();
    await agent.getByRole("link", { name: /שלום/ }).first().click();
    await agent.getByText("<script>window.hacked = 1</script>").first().waitFor();
    for (const one of [page, agent]) expect(await one.evaluate(() => "hacked" in window)).toBe(false);
    expect(tickets()).toEqual([`Slovenščina - ${nasty}`]);
    expect(world.rows("SELECT text FROM messages ORDER BY seq DESC LIMIT 1")).toEqual([{ text: nasty }]);
  });

  test.each([
    [
      "JSON that is not the protocol's",
      200,
      "application/json",
      '{"session":42}',
      "Na naši strani je šlo nekaj narobe.",
    ],
    ["HTML from something in between", 200, "text/html", "<h1>Wi-Fi</h1>", "Ni povezave s podporo."],
    ["a proxy's error page", 502, "text/html", "<h1>Bad gateway</h1>", "Podpora trenutno ni na voljo."],
  ])("%s is reported in the member's language", async (_name, status, contentType, body, text) => {
    const page = await world.visit();
    await page.route("**/podpora/session", (route) => route.fulfill({ status, contentType, body }));
    await openHelp(page);
    await page.getByText(text).waitFor();
  });

  test("an expired token asks for the password again, and the text is kept", async () => {
    const page = await world.visit();
    const listed = page.waitForRequest((request) => request.url().includes("/podpora/tickets?"));
    await openForm(page);
    const { authorization = "" } = (await listed).headers();
    await titleBox(page).fill("Potekla prijava");
    await textBox(page).fill("Besedilo");
    await page.getByText("Shranjeno v tej napravi").waitFor();
    const revoked = await fetch(`${world.demo.origin}/podpora/session/sign-out`, {
      method: "POST",
      headers: { authorization },
    });
    expect(revoked.status).toBe(204);
    // The gateway ends the streams of an expired session, which notifies the widget.
    await page.getByText("Vaša prijava je potekla. Prijavite se znova. Kar ste napisali, je shranjeno.").waitFor();
    expect(tickets()).toEqual([]);
    const form = page.getByRole("form", { name: "Prijavite se v svoj račun" });
    await form.getByLabel("Uporabniško ime").fill("ana");
    await form.getByLabel("Geslo").fill("ana-demo");
    await form.getByRole("button", { name: "Prijava" }).click();
    await expect.poll(() => titleBox(page).inputValue()).toBe("Potekla prijava");
    await submit(page).click();
    await page.getByText(/Vaš zahtevek ima številko/).waitFor();
    expect(tickets()).toEqual(["Slovenščina - Potekla prijava"]);
  });

  test("an expired site token is renewed silently", async () => {
    const page = await world.visit();
    let asked = 0;
    await page.route("**/site/token", async (route) => {
      asked += 1;
      await route.continue();
    });
    await signInAtSite(page);
    await openHelp(page);
    await page.getByRole("heading", { name: "Moje tehnične težave" }).waitFor();
    const before = asked;
    let refused = 0;
    const problem = JSON.stringify({ type: "about:blank", title: "x", status: 401, code: "unauthorized" });
    await page.route("**/podpora/tickets?*", (route) =>
      refused++ === 0
        ? route.fulfill({ status: 401, contentType: "application/problem+json", body: problem })
        : route.continue(),
    );
    await page.getByRole("button", { name: /^Vsi/ }).click();
    await page.getByText("Slovenščina", { exact: false }).first().waitFor();
    expect(asked).toBe(before + 1);
  });
});

test("the panel and the running chat are open again on the site's next page, without taking the focus", async () => {
  const agent = await world.agent();
  const page = await world.visit("/en.html");
  await joinQueue(page, "Vera", "Hi");
  await agent.getByRole("button", { name: "Take the chat of Vera" }).click();
  await page.getByRole("heading", { name: "You’re chatting with Nina" }).waitFor();
  await page.getByRole("button", { name: "Close", exact: true }).click();
  await page.getByRole("link", { name: "Gear" }).click();
  await agent.getByRole("textbox").last().fill("Still there?");
  await agent.keyboard.press("Enter");
  await page.getByRole("button", { name: /^Help, 1 item needs/ }).click();
  await page.getByRole("log").getByText("Still there?").waitFor();
  await page.getByRole("link", { name: "Orders" }).click();
  await page.getByRole("log").getByText("Still there?").waitFor();
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("BODY");
});

/** A demo in a separate process, on a fixed port. */
async function mortalServer() {
  const directory = mkdtempSync(join(tmpdir(), "podpora-kill-"));
  const port = await freePort();
  let child: ChildProcess;
  async function start() {
    child = spawn(process.execPath, ["test/browser/serve.ts", directory, String(port)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    if (child.stdout) await once(child.stdout, "data");
  }
  async function kill() {
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }
  await start();
  return {
    origin: `http://127.0.0.1:${port}/`,
    start,
    kill,
    /** Reads the server's database directly. */
    count(where: string): unknown {
      const database = new DatabaseSync(join(directory, "desk.sqlite"), { readOnly: true });
      try {
        return database.prepare(`SELECT count(*) AS n FROM ${where}`).get()?.["n"];
      } finally {
        database.close();
      }
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) await kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
