import { createHash } from "node:crypto";
import type { Page } from "playwright";
import { describe, expect, onTestFinished, test } from "vitest";
import { chooseFiles, type Payload } from "./choose-files.ts";
import { flakyLink } from "./flaky-link.ts";
import { largePng, png } from "./made-pictures.ts";
import { createWorld, phone, signIn } from "./world.ts";

/** Attachments: every way to add them, nothing lost during upload, and no unintended metadata. */
const world = createWorld();

const picture = (name: string, buffer = png()): Payload => ({ name, mimeType: "image/png", buffer });
const list = (page: Page) => page.getByRole("list", { name: "Datoteke" });
const names = (page: Page) => list(page).locator(".chosen-name").allInnerTexts();
const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const uploaded = async (page: Page) => {
  await expect.poll(() => list(page).locator("progress").count(), { timeout: 60_000 }).toBe(0);
};

async function openForm(page: Page, title = "S sliko") {
  await signIn(page);
  await page.getByRole("button", { name: "Prijavi novo tehnično težavo" }).click();
  await page.getByRole("textbox", { name: "Naslov zahtevka" }).fill(title);
  await page.getByRole("textbox", { name: "Kaj se je zgodilo?" }).fill("Glejte sliko.");
}

async function choose(page: Page, ...files: Payload[]) {
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Izberi datoteke" }).click();
  await chooseFiles(await chooser, files);
}

async function send(page: Page) {
  await page.getByRole("button", { name: "Prijavi tehnično težavo", exact: true }).click();
  await page.getByText(/Vaš zahtevek ima številko/).waitFor();
}

/** The newest ticket's files, as stored by the desk. */
async function atDesk() {
  const rows = world.rows(
    `SELECT a.id, a.name, a.type FROM attachments a JOIN message_attachments l ON l.attachment_id = a.id
     JOIN messages m ON m.id = l.message_id JOIN tickets t ON t.id = m.ticket_id
     WHERE t.number = (SELECT max(number) FROM tickets) ORDER BY l.position`,
  );
  return await Promise.all(
    rows.map(async ({ id, name, type }) => {
      const blob = await world.demo.desk.adapter.uploads.download(String(id), world.ana);
      return { name, type, bytes: Buffer.from(await blob.arrayBuffer()) };
    }),
  );
}

test("the limits are shown before anything is chosen", async () => {
  const page = await world.visit();
  await openForm(page);
  await page.getByText(/Največ \d+ datotek, vsaka do \d+ MB\./).waitFor();
});

test("files that are chosen, dropped on the panel or pasted arrive, and removed ones don't", async () => {
  const page = await world.visit();
  await openForm(page);
  await choose(page, picture("prva.png"), picture("druga.png", png(50, 50, [0, 90, 0])));
  const give = (type: "drop" | "paste", name: string, bytes: number[]) =>
    page.getByRole("heading", { name: "Prijavi novo tehnično težavo" }).evaluate(
      (element, [how, file, content]) => {
        const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(content)], file, { type: "image/png" }));
        const init = { bubbles: true, cancelable: true, composed: true };
        if (how === "paste") element.dispatchEvent(new ClipboardEvent("paste", { ...init, clipboardData: data }));
        else {
          element.dispatchEvent(new DragEvent("dragover", { ...init, dataTransfer: data }));
          element.dispatchEvent(new DragEvent("drop", { ...init, dataTransfer: data }));
        }
      },
      [type, name, bytes] as const,
    );
  await give("drop", "spuščena.png", [...png(60, 20)]);
  await give("paste", "prilepljena.png", [...png(20, 60)]);
  await expect.poll(() => names(page)).toEqual(["prva.png", "druga.png", "spuščena.png", "prilepljena.png"]);
  await page.getByRole("button", { name: "Odstrani druga.png" }).click();
  await uploaded(page);
  await send(page);
  expect((await atDesk()).map(({ name }) => name)).toEqual(["prva.png", "spuščena.png", "prilepljena.png"]);
});

test("a picture has a preview before it is sent, and a failed upload can be retried", async () => {
  const page = await world.visit();
  let broken = true;
  await page.route("**/podpora/uploads*", async (route) => {
    if (broken && route.request().method() === "POST") await route.fulfill({ status: 403, body: "" });
    else await route.continue();
  });
  await openForm(page);
  await choose(page, picture("prva.png", png(400, 200)));
  await list(page).getByRole("img", { name: "prva.png" }).waitFor();
  await page.getByText(/Datoteke prva\.png ni bilo mogoče naložiti/).waitFor();
  broken = false;
  await page.getByRole("button", { name: "Poskusi znova: prva.png" }).click();
  await uploaded(page);
  expect(await page.getByText(/Datoteke prva\.png/).count()).toBe(0);
  await send(page);
  expect((await atDesk()).length).toBe(1);
});

test("50 MB over a connection that drops every two seconds arrive complete, even across a reload", async () => {
  const link = await flakyLink(world.demo.origin, 7_000_000, 2_000);
  onTestFinished(() => link.close());
  const bytes = largePng(50_000_000);
  const page = await world.visit();
  await page.goto(link.origin).catch(() => page.goto(link.origin));
  await openForm(page, "Velika slika");
  await choose(page, picture("velika.png", bytes));
  const progress = list(page).getByRole("progressbar");
  await expect
    .poll(() => progress.evaluate((bar: HTMLProgressElement) => bar.value), { timeout: 30_000 })
    .toBeGreaterThan(0.2);
  await page.getByText("Shranjeno v tej napravi").waitFor();
  await page.reload().catch(() => page.reload());
  await list(page).waitFor();
  await uploaded(page);
  await send(page);
  expect(link.drops()).toBeGreaterThan(2);
  const [file] = await atDesk();
  expect(file?.bytes.length).toBe(bytes.length);
  expect(hash(file?.bytes ?? Buffer.alloc(0))).toBe(hash(bytes));
}, 120_000);

test("a picture is sent without its location and device", async () => {
  const page = await world.visit();
  await openForm(page);
  const telling = png(40, 30, [1, 2, 3], { Location: "46.0569 N 14.5058 E", Software: "Telefon Ane Novak" });
  await choose(page, picture("prva.png", telling));
  await uploaded(page);
  await send(page);
  const [file] = await atDesk();
  expect(telling.toString("latin1")).toContain("46.0569 N");
  expect(file?.bytes.toString("latin1")).not.toMatch(/46\.0569|Telefon/);
  expect(file?.bytes.equals(png(40, 30, [1, 2, 3]))).toBe(true);
});

describe("a file that can't be accepted", () => {
  test.each([
    ["is empty", picture("prazna.png", Buffer.alloc(0)), "Datoteka prazna.png je prazna. Izberite drugo."],
    [
      "is of a type that the desk does not accept",
      { name: "virus.exe", mimeType: "application/x-msdownload", buffer: Buffer.from("MZ") },
      /^Datoteke virus\.exe ne sprejemamo zaradi njene vrste/,
    ],
    [
      "is larger than the desk accepts",
      { name: "film.txt", mimeType: "text/plain", buffer: Buffer.alloc(45_000_000) },
      "Datoteka film.txt je večja od 40 MB. Izberite manjšo.",
    ],
  ] as const)("%s: the error shows immediately, and the text is kept", async (_name, file, said) => {
    const page = await world.visit();
    await page.route("**/podpora/session", async (route) => {
      const response = await route.fetch();
      const answer = (await response.json()) as { limits?: object };
      await route.fulfill({ response, json: { ...answer, limits: { ...answer.limits, maxBytes: 40_000_000 } } });
    });
    await openForm(page);
    await choose(page, file);
    await page.getByRole("alert").filter({ hasText: said }).waitFor();
    expect(await list(page).count()).toBe(0);
    expect(await page.getByRole("textbox", { name: "Kaj se je zgodilo?" }).inputValue()).toBe("Glejte sliko.");
  });

  test("has another type than it says: the desk refuses it, and it can be removed", async () => {
    const page = await world.visit();
    await openForm(page);
    await choose(page, picture("stran.png", Buffer.from("<html><script>alert(1)</script></html>")));
    await page.getByText(/Datoteke stran\.png ni bilo mogoče naložiti/).waitFor();
    await page.getByRole("button", { name: "Odstrani stran.png" }).click();
    await send(page);
    expect(await atDesk()).toEqual([]);
  });
});

test("a file name contains no path, device name or hidden characters, and stays readable", async () => {
  const page = await world.visit();
  await openForm(page);
  const long = `${"dolgo-ime-".repeat(30)}.png`;
  const given = ["..\\..\\etc\\passwd.png", "CON.png", "slika\u202Egnp.exe.png", long, "šumniki č ž 中文 صورة.png"];
  for (const name of given) await choose(page, picture(name, png(20, 20, [given.indexOf(name), 0, 0])));
  await uploaded(page);
  await send(page);
  const stored = (await atDesk()).map(({ name }) => String(name));
  expect(stored).toHaveLength(given.length);
  for (const name of stored) {
    // oxlint-disable-next-line no-control-regex -- must not occur in the name
    expect(name).not.toMatch(/[\\/\u0000-\u001F\u202A-\u202E]|^\.|^CON\./);
    expect(name.length).toBeLessThanOrEqual(150);
    expect(name).toMatch(/\.png$/);
  }
  expect(stored.at(-1)).toBe("šumniki č ž 中文 صورة.png");
});

test("a phone offers its camera", async () => {
  const page = await world.visit("/", phone);
  await openForm(page);
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Fotografiraj" }).click();
  const input = (await chooser).element();
  expect(await input.getAttribute("capture")).toBe("environment");
  await (await chooser).setFiles(picture("posnetek.png"));
  await uploaded(page);
  await send(page);
  expect((await atDesk()).map(({ name }) => name)).toEqual(["posnetek.png"]);
});

describe("a screenshot", () => {
  const editor = (page: Page) => page.getByRole("dialog").filter({ has: page.getByRole("application") });
  /** Draws in the middle of the picture by keyboard. */
  const blackOut = async (page: Page) => {
    await editor(page).getByRole("radio", { name: "Okvir" }).focus();
    for (let tool = 0; tool < 3; tool++) await page.keyboard.press("ArrowRight");
    await editor(page).getByRole("application").focus();
    await page.keyboard.press("Enter");
  };

  test(
    "is captured, blacked out by keyboard and sent; masked content was never in it",
    { timeout: 200_000 },
    async () => {
      const page = await world.visitTag(
        {},
        `<p data-podpora-mask>Skrivna številka 4711</p><label>Geslo <input type="password" value="skrivnost"></label>`,
      );
      await openForm(page);
      // As a person does: the pointer arrives first, which starts loading the code for the click.
      const capture = page.getByRole("button", { name: "Posnemi zaslon" });
      await Promise.all([page.waitForResponse(/pictures-\w+\.js/), capture.hover()]);
      const failed = page.getByText("Zaslona ni bilo mogoče posneti.");
      // A busy machine may give no frame in time: then the page says so, and a person clicks again.
      await expect
        .poll(
          async () => {
            await capture.click();
            await editor(page).or(failed).waitFor({ timeout: 60_000 });
            return await editor(page).isVisible();
          },
          { timeout: 120_000 },
        )
        .toBe(true);
      await blackOut(page);
      await editor(page).getByRole("button", { name: "Končano" }).click();
      await expect.poll(async () => (await names(page)).length).toBe(1);
      await uploaded(page);
      await send(page);
      const [file] = await atDesk();
      expect(file?.type).toBe("image/png");
      const masked = await page.getByText("Skrivna številka 4711").boundingBox();
      const point = (x: number, y: number) => colourAt(page, file?.bytes ?? Buffer.alloc(0), x, y);
      expect(await point((masked?.x ?? 0) + 5, (masked?.y ?? 0) + 8)).toEqual([0, 0, 0]);
      // The black box is in the middle of the picture.
      expect(await point(550, 410)).toEqual([0, 0, 0]);
    },
  );

  test("or another chosen picture can be edited, and the edited version replaces it", async () => {
    const page = await world.visit();
    await openForm(page);
    await choose(page, picture("prva.png", png(300, 200, [0, 160, 0])));
    await page.getByRole("button", { name: "Označi ali počrni: prva.png" }).click();
    await editor(page).waitFor();
    await blackOut(page);
    await editor(page).getByRole("button", { name: "Končano" }).click();
    await uploaded(page);
    await expect.poll(() => names(page)).toEqual(["prva.png"]);
    await send(page);
    const [file] = await atDesk();
    expect(await colourAt(page, file?.bytes ?? Buffer.alloc(0), 150, 100)).toEqual([0, 0, 0]);
    expect(await colourAt(page, file?.bytes ?? Buffer.alloc(0), 2, 2)).toEqual([0, 160, 0]);
  });
});

/** The picture's colour at a point, as a browser decodes it. */
async function colourAt(page: Page, bytes: Buffer, x: number, y: number): Promise<number[]> {
  return await page.evaluate(
    async ([base64, left, top]) => {
      const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))]));
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
      context?.drawImage(bitmap, 0, 0);
      return [...(context?.getImageData(left, top, 1, 1).data ?? [])].slice(0, 3);
    },
    [bytes.toString("base64"), x, y] as const,
  );
}
