import type { Locator, Page } from "playwright";
import { describe, expect, test } from "vitest";
import { type Box, drag, editGreen, loadPictures, placeOf, see } from "./pictures.ts";
import { createWorld, desktop, phone } from "./world.ts";

const world = createWorld();

const green = [0, 192, 0];
const red = [227, 18, 45];
const tool = (page: Page, name: string) => page.getByRole("radio", { name });
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const status = (page: Page) => page.getByRole("dialog", { name: "Označite sliko" }).getByRole("status");
/** The text with plain spaces and without direction marks, which numbers may have. */
const said = async (element: Locator) =>
  (await element.textContent())?.replaceAll(/\s/g, " ").replaceAll(/[\u200e\u200f]/g, "");
const stage = (page: Page) => page.getByRole("application", { name: "Slika z oznakami" });

async function startEditor(options: object = {}, picture = {}): Promise<Page> {
  const page = await world.visit("/strict.html", { ...desktop, ...options });
  await loadPictures(page);
  await editGreen(page, picture);
  return page;
}

async function reportsNothing(page: Page) {
  expect(await page.locator("#violations").textContent()).toBe("0");
}

describe("editing a picture", () => {
  test("blacks out permanently: nothing of what was covered is in the file, not even at the edges", async () => {
    const page = await startEditor();
    await tool(page, "Počrni").check();
    await drag(page, [0.2513, 0.2017], [0.7491, 0.6009]);
    await button(page, "Končano").click();
    // From 201.04 to 599.28 and from 100.85 to 300.45, rounded outwards.
    const seen = await see(page, {
      boxes: [[201, 100, 399, 201]],
      points: [
        [190, 200],
        [610, 200],
        [400, 90],
        [400, 312],
      ],
    });
    expect(seen).toMatchObject({ name: "slika.png", type: "image/png", width: 800, height: 500, notBlack: [0] });
    expect(seen?.points).toEqual([green, green, green, green]);
    await reportsNothing(page);
  });

  test("in JPEG gives a JPEG, equally black inside", async () => {
    const page = await startEditor({}, { type: "image/jpeg", name: "slika.jpg" });
    await tool(page, "Počrni").check();
    await drag(page, [0.25, 0.2], [0.75, 0.6]);
    await button(page, "Končano").click();
    // JPEG uses blocks of up to 16 pixels: those at the edge blend, but only with the new picture.
    const seen = await see(page, { boxes: [[224, 128, 352, 160]] });
    expect(seen).toMatchObject({ name: "slika.jpg", type: "image/jpeg", notBlack: [0] });
  });

  test("by mouse: a frame, an arrow and a text are where they were drawn, and can be moved", async () => {
    const page = await startEditor();
    await drag(page, [0.1, 0.1], [0.4, 0.3]);
    await tool(page, "Puščica").check();
    await drag(page, [0.6, 0.8], [0.9, 0.8]);
    await tool(page, "Besedilo").check();
    const place = await placeOf(page, 0.1, 0.6);
    await page.mouse.click(place.x, place.y);
    await page.keyboard.type("Tu se ustavi");
    await page.keyboard.press("Enter");
    await drag(page, [0.25, 0.1], [0.25, 0.2]);
    await expect.poll(() => said(status(page))).toBe("1 Okvir: 10 % od leve, 20 % od vrha, širina 30 %, višina 20 %");
    await page
      .getByRole("combobox", { name: "Izbrana oznaka" })
      .getByRole("option", { name: "3 Tu se ustavi" })
      .waitFor({ state: "attached" });
    await button(page, "Končano").click();
    const seen = await see(page, {
      points: [
        [200, 100],
        [200, 50],
        [200, 150],
        [600, 400],
        [86, 316],
      ],
    });
    expect(seen?.points).toEqual([red, green, green, red, red]);
  });

  test("with two clicks instead of a drag, and with buttons instead of the keyboard", async () => {
    const page = await startEditor();
    const [first, second] = [await placeOf(page, 0.25, 0.2), await placeOf(page, 0.5, 0.4)];
    await page.mouse.click(first.x, first.y);
    await expect.poll(() => said(status(page))).toBe("Zdaj kliknite mesto, kjer se konča.");
    await page.mouse.click(second.x, second.y);
    await button(page, "Desno").click();
    await button(page, "Dol").click();
    await button(page, "Spremeni velikost").click();
    await button(page, "Širše").click();
    await expect.poll(() => said(status(page))).toBe("1 Okvir: 27 % od leve, 23 % od vrha, širina 27 %, višina 20 %");
    await button(page, "Končano").click();
    expect(
      (
        await see(page, {
          points: [
            [213, 150],
            [426, 150],
          ],
        })
      )?.points,
    ).toEqual([red, red]);
  });

  test("by keyboard: place, move, resize, write, select, delete, undo", async () => {
    const page = await startEditor();
    await expect.poll(() => stage(page).evaluate((element) => element.matches(":focus"))).toBe(true);
    await page.keyboard.press("Enter");
    await expect.poll(() => said(status(page))).toMatch(/^Dodano: 1 Okvir\./);
    for (let step = 0; step < 3; step++) await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Alt+ArrowRight");
    await page.keyboard.press("Shift+ArrowLeft");
    await expect.poll(() => said(status(page))).toBe("1 Okvir: 37 % od leve, 30 % od vrha, širina 27 %, višina 25 %");

    const reach = async (target: ReturnType<typeof button>) => {
      for (let press = 0; press < 30; press++) {
        if (await target.evaluate((element) => element.matches(":focus"))) return;
        await page.keyboard.press("Tab");
      }
      throw new Error("can't be reached with Tab");
    };
    await reach(tool(page, "Okvir"));
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    expect(await tool(page, "Besedilo").isChecked()).toBe(true);
    await reach(stage(page));
    await page.keyboard.press("Enter");
    await page.keyboard.type("abc");
    await page.keyboard.press("Enter");
    await page.keyboard.press("ArrowDown");
    await expect.poll(() => said(status(page))).toMatch(/^2 Besedilo: 38 % od leve, 40 % od vrha/);

    await reach(page.getByRole("combobox", { name: "Izbrana oznaka" }));
    await page.keyboard.press("ArrowUp");
    await expect.poll(() => said(status(page))).toBe("Izbrano: 1 Okvir");
    await reach(button(page, "Izbriši oznako"));
    await page.keyboard.press("Enter");
    await expect.poll(() => said(status(page))).toBe("Izbrisano: 1 Okvir");
    expect(await button(page, "Izbriši oznako").evaluate((element) => element.matches(":focus"))).toBe(true);
    await page.keyboard.press("Control+z");
    await expect.poll(() => said(status(page))).toBe("Razveljavljeno");
    await page.keyboard.press("Control+Shift+Z");
    await expect.poll(() => said(status(page))).toBe("Znova uveljavljeno");
    await reach(button(page, "Končano"));
    await page.keyboard.press("Enter");
    const seen = await see(page, {
      points: [
        [306, 216],
        [300, 150],
      ],
    });
    expect(seen?.points).toEqual([red, green]);
  });

  test("by touch on a phone, without scrolling the page", async () => {
    const page = await world.visit("/strict.html", phone);
    await loadPictures(page);
    await editGreen(page, { width: 900, height: 1600 });
    const touch = await page.context().newCDPSession(page);
    const to = async (type: "touchStart" | "touchMove" | "touchEnd", x: number, y: number) =>
      await touch.send("Input.dispatchTouchEvent", {
        type,
        touchPoints: type === "touchEnd" ? [] : [await placeOf(page, x, y)],
      });
    await tool(page, "Počrni").check();
    await to("touchStart", 0.1, 0.1);
    await to("touchMove", 0.3, 0.2);
    await to("touchMove", 0.5, 0.3);
    await to("touchEnd", 0.5, 0.3);
    await expect.poll(() => said(status(page))).toMatch(/^Dodano: 1 Počrni/);
    await tool(page, "Puščica").check();
    for (const [x, y] of [
      [0.2, 0.9],
      [0.8, 0.9],
    ] as const) {
      const place = await placeOf(page, x, y);
      await page.touchscreen.tap(place.x, place.y);
    }
    await tool(page, "Besedilo").check();
    const place = await placeOf(page, 0.3, 0.6);
    await page.touchscreen.tap(place.x, place.y);
    await expect
      .poll(() =>
        page.getByRole("textbox", { name: "Besedilo na sliki" }).evaluate((element) => element.matches(":focus")),
      )
      .toBe(true);
    await page.keyboard.type("Tu");
    const layout = await page.getByRole("dialog", { name: "Označite sliko" }).evaluate((dialog) => ({
      fits: dialog.scrollWidth <= 360 && dialog.scrollHeight <= 640,
      targets: [...dialog.querySelectorAll("button, select, input:not([type=radio]), label")]
        .filter((element) => element.checkVisibility())
        .map((element) => element.getBoundingClientRect())
        .filter(({ width, height }) => width < 40 || height < 44).length,
    }));
    expect(layout).toEqual({ fits: true, targets: 0 });
    await button(page, "Končano").tap();
    const seen = await see(page, { boxes: [[95, 165, 350, 310]], points: [[450, 1440]] });
    expect(seen).toMatchObject({ notBlack: [0], points: [red] });
    expect(await page.evaluate(() => scrollY)).toBe(0);
  });

  test("without marks: cancelling returns nothing, and finishing returns the original, immediately", async () => {
    const page = await startEditor();
    await page.keyboard.press("Escape");
    expect(await see(page)).toBeUndefined();
    await page.getByRole("dialog", { name: "Označite sliko" }).waitFor({ state: "detached" });
    await editGreen(page);
    await button(page, "Končano").click();
    expect(await see(page)).toMatchObject({ name: "slika.png", type: "image/png", width: 800, height: 500 });
  });

  test("asks before discarding marks, and keeps them if told to", async () => {
    const page = await startEditor();
    await drag(page, [0.1, 0.1], [0.4, 0.3]);
    await page.keyboard.press("Escape");
    await page.getByRole("alertdialog", { name: "Zavržemo oznake?" }).waitFor();
    expect(await button(page, "Označuj naprej").evaluate((element) => element.matches(":focus"))).toBe(true);
    await page.keyboard.press("Escape");
    await expect.poll(() => stage(page).evaluate((element) => element.matches(":focus"))).toBe(true);
    await button(page, "Prekliči").click();
    await button(page, "Označuj naprej").click();
    await page
      .getByRole("combobox", { name: "Izbrana oznaka" })
      .getByRole("option", { name: "1 Okvir" })
      .waitFor({ state: "attached" });
    await button(page, "Prekliči").click();
    await button(page, "Zavrzi").click();
    expect(await see(page)).toBeUndefined();
  });

  test("is restored with its marks if the browser closes the dialog", async () => {
    const page = await startEditor();
    await drag(page, [0.1, 0.1], [0.4, 0.3]);
    await page.getByRole("dialog", { name: "Označite sliko" }).evaluate((dialog: HTMLDialogElement) => dialog.close());
    await page.getByRole("alertdialog", { name: "Zavržemo oznake?" }).waitFor();
    await button(page, "Označuj naprej").click();
    await button(page, "Končano").click();
    expect((await see(page))?.red).toBeGreaterThan(1000);
  });

  test("says that a picture too large for a phone's canvas is scaled down", async () => {
    const page = await startEditor({}, { width: 5000, height: 4000 });
    await expect
      .poll(() => said(status(page)))
      .toBe("Slika je zelo velika. Shranjena bo v velikosti 4579 × 3663 slikovnih pik.");
    await page.keyboard.press("Enter");
    await button(page, "Končano").click();
    expect(await see(page)).toMatchObject({ width: 4579, height: 3663 });
  });

  test("returns the focus to where it was", async () => {
    const page = await world.visit("/strict.html");
    await loadPictures(page);
    const close = page.getByRole("dialog").getByRole("button", { name: "Zapri", exact: true });
    await close.focus();
    await editGreen(page);
    await page.keyboard.press("Escape");
    await expect.poll(() => close.evaluate((element) => element.matches(":focus"))).toBe(true);
  });

  test.each([
    ["in the dark", { colorScheme: "dark" }],
    ["in forced colours", { forcedColors: "active" }],
    ["on a phone on its side", { ...phone, viewport: { width: 740, height: 360 } }],
  ] as const)("is readable %s, including its question", async (_, options) => {
    const page = await startEditor(options);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Escape");
    await page.getByRole("alertdialog").waitFor();
    await reportsNothing(page);
  });

  test("is right to left in Arabic, and its arrows point the right way", async () => {
    const page = await world.visit("/strict.html", phone);
    await loadPictures(page, "ar");
    await editGreen(page);
    const dialog = page.getByRole("dialog", { name: "ضع علامات على الصورة" });
    expect(
      await dialog.evaluate((element) => [getComputedStyle(element).direction, element.getAttribute("lang")]),
    ).toEqual(["rtl", "ar"]);
    await page.keyboard.press("Enter");
    const [left, right] = [
      await button(page, "إلى اليسار").boundingBox(),
      await button(page, "إلى اليمين").boundingBox(),
    ];
    expect(left!.x).toBeLessThan(right!.x);
  });
});

describe("viewing pictures", () => {
  async function look(page: Page, start = 0) {
    await page.evaluate(async (first) => {
      const draw = async (width: number, height: number) => {
        const canvas = new OffscreenCanvas(width, height);
        canvas.getContext("2d")!.fillRect(0, 0, width, height);
        return await canvas.convertToBlob();
      };
      const [large, small] = [await draw(3000, 2000), await draw(100, 60)];
      let tries = 0;
      const pictures = [
        { name: "velika.png", load: async () => large },
        { name: "majhna.png", load: async () => (tries++ ? small : undefined) },
        { name: "neznana.heic", load: async () => new Blob(["?"]) },
      ];
      window.given.result = window.given.pictures.view(pictures, first);
    }, start);
  }
  const dialog = (page: Page, name: string) => page.getByRole("dialog", { name });
  const percent = (page: Page) => said(page.getByRole("button", { name: /Dejanska velikost|Prilagodi oknu/ }));

  test("by keyboard: zoom, pan, next, previous and close", async () => {
    const page = await world.visit("/strict.html");
    await loadPictures(page);
    await look(page);
    await dialog(page, "velika.png").waitFor();
    await expect.poll(() => percent(page)).toBe("37 %");
    await page.keyboard.press("0");
    await expect.poll(() => percent(page)).toBe("100 %");
    await page.keyboard.press("+");
    await expect.poll(() => percent(page)).toBe("150 %");
    await page.keyboard.press("ArrowRight");
    await dialog(page, "velika.png").waitFor();
    await page.keyboard.press("PageDown");
    await page.getByText("Slike ni bilo mogoče naložiti.").waitFor();
    await page.getByText("2 od 3").waitFor();
    await button(page, "Poskusi znova").click();
    await expect.poll(() => percent(page)).toBe("100 %");
    await page.keyboard.press("ArrowRight");
    await page.getByText("Ta brskalnik slike ne more prikazati.").waitFor();
    expect(await button(page, "Shrani neznana.heic").getAttribute("aria-disabled")).toBe("false");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await dialog(page, "velika.png").waitFor();
    await expect.poll(() => percent(page)).toBe("37 %");
    await page.keyboard.press("-");
    await expect.poll(() => percent(page)).toBe("37 %");
    await page.keyboard.press("Escape");
    await page.evaluate(() => window.given.result);
    expect(await page.locator("dialog").count()).toBe(0);
    await reportsNothing(page);
  });

  test("by mouse: buttons, wheel, drag and double click; and it can be saved", async () => {
    const page = await world.visit("/strict.html");
    await loadPictures(page);
    await look(page);
    await expect.poll(() => percent(page)).toBe("37 %");
    await page.mouse.move(550, 400);
    await page.keyboard.down("Control");
    await page.mouse.wheel(0, -400);
    await page.keyboard.up("Control");
    await expect.poll(() => percent(page)).toBe("82 %");
    await page.mouse.dblclick(550, 400);
    await expect.poll(() => percent(page)).toBe("37 %");
    await page.mouse.dblclick(550, 400);
    await expect.poll(() => percent(page)).toBe("100 %");
    await button(page, "Pomanjšaj").click();
    await expect.poll(() => percent(page)).toBe("67 %");
    const download = page.waitForEvent("download");
    await button(page, "Shrani velika.png").click();
    expect((await download).suggestedFilename()).toBe("velika.png");
    await button(page, "Naslednja slika").click();
    await page.getByText("2 od 3").waitFor();
    await button(page, "Naslednja slika").click();
    await page.getByText("3 od 3").waitFor();
    // The focused button is gone; the keys still work.
    await page.keyboard.press("PageUp");
    await page.getByText("2 od 3").waitFor();
    await button(page, "Zapri").last().click();
    await page.evaluate(() => window.given.result);
    await reportsNothing(page);
  });

  test("on a phone with two fingers, and right to left", async () => {
    const page = await world.visit("/strict.html", phone);
    await loadPictures(page, "ar");
    await look(page);
    const size = () => said(page.getByRole("button", { name: /الحجم الأصلي|ملاءمة النافذة/ }));
    await expect.poll(size).toBe("12%");
    const touch = await page.context().newCDPSession(page);
    const fingers = (type: "touchStart" | "touchMove" | "touchEnd", apart: number) =>
      touch.send("Input.dispatchTouchEvent", {
        type,
        touchPoints: apart
          ? [
              { x: 180 - apart, y: 300 },
              { x: 180 + apart, y: 300 },
            ]
          : [],
      });
    await fingers("touchStart", 20);
    await fingers("touchMove", 40);
    await fingers("touchMove", 80);
    await fingers("touchEnd", 0);
    await expect.poll(size).toBe("48%");
    await page.keyboard.press("PageUp");
    await page.getByText("1 من 3").waitFor();
    await page.keyboard.press("-");
    await page.keyboard.press("-");
    await page.keyboard.press("-");
    await page.keyboard.press("-");
    await page.keyboard.press("ArrowLeft");
    await page.getByText("2 من 3").waitFor();
    expect(await page.locator("dialog").evaluate((element) => element.scrollWidth)).toBeLessThanOrEqual(360);
  });
});

describe("a screenshot of the page", () => {
  /** Everything private is green; the one visible green box is at 40, 700. */
  async function fill(page: Page) {
    await page.evaluate(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(`@layer utilities { .stubborn { filter: none !important; background: #0f0 !important; opacity: 0.9 !important } }
        .slow, .slow * { transition: all 5s }
        .tail::after { content: "0123456789"; background: #0f0; position: absolute; inset-inline-start: 250px; inset-block-start: 0 }`);
      document.adoptedStyleSheets = [sheet];
      const add = <Tag extends keyof HTMLElementTagNameMap>(
        tag: Tag,
        row: number,
        into: ParentNode = document.body,
      ) => {
        const element = document.createElement(tag);
        element.style.cssText = `position: absolute; left: 40px; top: ${row * 46}px; width: 200px; height: 40px; color: #0f0; background: #0f0; font: 30px monospace`;
        into.append(element);
        return element;
      };
      const mask = (element: HTMLElement) => {
        element.dataset["podporaMask"] = "";
        return element;
      };
      const text = mask(add("div", 0));
      text.classList.add("slow", "tail");
      text.textContent = "a long line of text that leaves its box";
      text.style.whiteSpace = "nowrap";
      const nested = mask(add("div", 1));
      const inner = add("div", 0, nested);
      inner.style.left = "150px";
      inner.style.setProperty("visibility", "visible", "important");
      const canvas = add("canvas", 2);
      canvas.getContext("2d")!.fillStyle = "#0f0";
      canvas.getContext("2d")!.fillRect(0, 0, 300, 150);
      mask(canvas);
      const password = add("input", 3);
      password.type = "password";
      password.ariaLabel = "Geslo";
      password.value = "0123456789";
      const shown = add("input", 4);
      shown.autocomplete = "current-password";
      shown.ariaLabel = "Geslo, vidno";
      shown.value = "0123456789";
      const field = mask(add("input", 5)) as HTMLInputElement;
      field.placeholder = "0123456789";
      field.ariaLabel = "Polje";
      const host = add("div", 6);
      host.style.background = "none";
      const inShadow = mask(add("div", 0, host.attachShadow({ mode: "open" })));
      inShadow.style.left = "0";
      // `display: contents` has no box to blacken.
      const outer = mask(add("div", 0));
      outer.style.display = "contents";
      const inner2 = document.createElement("div");
      outer.append(inner2);
      add("div", 7, inner2.attachShadow({ mode: "open" })).style.setProperty("visibility", "visible");
      // The page's element in a slot inside a masked component.
      const component = add("div", 12);
      component.style.background = "none";
      const around = mask(add("div", 0, component.attachShadow({ mode: "open" })));
      around.style.display = "contents";
      around.append(document.createElement("slot"));
      const slotted = component.appendChild(document.createElement("div"));
      add("div", 0, slotted).style.setProperty("visibility", "visible", "important");
      const frame = add("iframe", 8);
      frame.title = "Okvir";
      frame.style.border = "0";
      const framed = mask(add("div", 0, frame.contentDocument!.body));
      framed.style.left = "0";
      frame.style.background = "none";
      mask(add("div", 9)).classList.add("stubborn");
      const sentence = add("p", 10);
      sentence.style.background = "none";
      const word = mask(document.createElement("span"));
      word.textContent = "0123456789";
      sentence.append(word);
      const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      drawing.style.cssText = "position: absolute; left: 40px; top: 506px; width: 200px; height: 40px";
      const shape = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      for (const [name, value] of Object.entries({ width: "200", height: "40", fill: "#0f0", "data-podpora-mask": "" }))
        shape.setAttribute(name, value);
      drawing.append(shape);
      document.body.append(drawing);
      add("div", 0).style.top = "700px";
    });
  }

  test("shows the page without the widget, with masks and passwords in black; the page is restored", async () => {
    const page = await world.visit("/strict.html");
    await loadPictures(page);
    await fill(page);
    const look = () =>
      page.evaluate(() => {
        const styles = [...document.querySelectorAll<HTMLElement>("body *")].map((element) => element.style.cssText);
        const root = document.querySelector("podpora-widget")!.shadowRoot!;
        const frame = document.querySelector("iframe")!.contentDocument!;
        const sheets = [document, root, frame].map((tree) => tree.adoptedStyleSheets.length);
        return { styles, sheets, children: root.childElementCount };
      });
    const before = await look();
    const close = page.getByRole("dialog").getByRole("button", { name: "Zapri", exact: true });
    await close.focus();
    await page.evaluate(() => (window.given.result = window.given.pictures.capture()));
    const rows = [0, 1, 2, 3, 4, 5, 6, 8];
    const seen = await see(page, {
      boxes: [...rows.map((row): Box => [45, row * 46 + 5, 190, 30]), [250, 0, 500, 40]],
      points: [
        [2, 817],
        [1060, 780],
        [900, 400],
      ],
    });
    // Only one green box remains; nothing shows around a black one.
    expect(seen?.green).toEqual([40, 700, 239, 739].map((edge) => expect.closeTo(edge, -1)));
    expect(seen?.notBlack).toEqual([...rows.map(() => 0), 500 * 40]);
    expect(seen).toMatchObject({ type: "image/png", width: 1100, height: 820 });
    expect(seen?.name).toMatch(/^posnetek-\d{4}-\d\d-\d\d-\d{4}\.png$/);
    // The marker, the panel and the launcher are not in it.
    const paper = [251, 251, 247].map((value) => expect.closeTo(value, -1));
    expect(seen?.points).toEqual([paper, paper, paper]);
    expect(await look()).toEqual(before);
    await page.getByRole("button", { name: "Zapri pomoč" }).waitFor();
    expect(await close.evaluate((element) => element.matches(":focus"))).toBe(true);
    await reportsNothing(page);
    // axe would report green text on green.
    await page.goto("about:blank");
  });

  test("that is refused returns nothing, and one that the browser can't take rejects", async () => {
    const page = await world.visit("/strict.html");
    await loadPictures(page);
    const tried = await page.evaluate(async () => {
      const answers: unknown[] = [];
      for (const name of ["NotAllowedError", "NotFoundError"]) {
        navigator.mediaDevices.getDisplayMedia = async () => {
          throw new DOMException("no", name);
        };
        answers.push(
          await window.given.pictures.capture().then(
            (file) => file ?? "nothing",
            (error: Error) => error.name,
          ),
        );
      }
      return answers;
    });
    expect(tried).toEqual(["nothing", "NotFoundError"]);
  });

  test("that never delivers a frame rejects, and the widget is visible again", async () => {
    const page = await world.visit("/strict.html");
    await loadPictures(page);
    await page.clock.install();
    await page.evaluate(() => {
      // A video without frames.
      navigator.mediaDevices.getDisplayMedia = async () => document.createElement("canvas").captureStream(0);
      const failed = window.given.pictures.capture().catch((error: Error) => error.name);
      Object.assign(window, { failed });
    });
    await page.getByRole("button", { name: "Zapri pomoč" }).waitFor({ state: "hidden" });
    await page.clock.runFor(16_000);
    expect(await page.evaluate(() => (window as unknown as { failed: Promise<unknown> }).failed)).toBe("TimeoutError");
    await page.getByRole("button", { name: "Zapri pomoč" }).waitFor();
  });

  test("of another window is taken as it is, and the recording stops", async () => {
    const page = await world.visit("/strict.html");
    await loadPictures(page);
    await page.evaluate(() => {
      const canvas = document.createElement("canvas");
      canvas.width = 64;
      canvas.height = 48;
      const paint = () => canvas.getContext("2d")?.fillRect(0, 0, 64, 48);
      paint();
      const stream = canvas.captureStream();
      // A canvas stream has a frame only when something is painted.
      const timer = setInterval(paint, 50);
      Object.assign(window, { stream, timer });
      navigator.mediaDevices.getDisplayMedia = async () => stream;
      window.given.result = window.given.pictures.capture();
    });
    expect(await see(page)).toMatchObject({ width: 64, height: 48 });
    const states = await page.evaluate(() => {
      const { stream, timer } = window as unknown as { stream: MediaStream; timer: number };
      clearInterval(timer);
      return stream.getTracks().map((track) => track.readyState);
    });
    expect(states).toEqual(["ended"]);
  });
});

describe("a picture encoded by a real browser", () => {
  test("loses its Exif but not its orientation or pixels; formats without removable Exif are re-encoded", async () => {
    const page = await world.visit("/strict.html");
    await loadPictures(page);
    const seen = await page.evaluate(async () => {
      const canvas = new OffscreenCanvas(40, 20);
      const context = canvas.getContext("2d")!;
      context.fillStyle = "#0a0";
      context.fillRect(0, 0, 20, 20);
      const bytes = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer());
      const pixels = async (file: Blob) => {
        const bitmap = await createImageBitmap(file);
        const copy = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d")!;
        copy.drawImage(bitmap, 0, 0);
        return [bitmap.width, bitmap.height, ...copy.getImageData(0, 0, bitmap.width, bitmap.height).data].join();
      };
      const plain = await bytes(await canvas.convertToBlob({ type: "image/jpeg" }));
      const text = new TextEncoder().encode(
        "Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0secret",
      );
      const head = [0xff, 0xd8, 0xff, 0xe1, 0, text.length + 2];
      const turned = new File([new Uint8Array([...head, ...text]), plain.slice(2), "secret"], "photo.jpg");
      const cleaned = await window.given.pictures.clean(turned);
      const others = ["image/png", "image/webp"].map(async (type) => {
        const file = new File([await canvas.convertToBlob({ type })], "x", { type });
        return (await pixels(file)) === (await pixels(await window.given.pictures.clean(file)));
      });
      const tiff = new File(["II*\0secret"], "scan.tif", { type: "image/tiff" });
      return {
        size: (await pixels(cleaned)).split(",").slice(0, 2).join(),
        same: (await pixels(turned)) === (await pixels(cleaned)),
        others: await Promise.all(others),
        kept: (await cleaned.text()).includes("secret"),
        tiff: await window.given.pictures.clean(tiff).catch((error: Error) => error.name),
      };
    });
    expect(seen).toEqual({
      size: "20,40",
      same: true,
      others: [true, true],
      kept: false,
      tiff: "InvalidStateError",
    });
  });

  test("in another format is re-encoded as JPEG", async () => {
    const page = await world.visit("/strict.html");
    await loadPictures(page);
    const avif =
      "AAAAIGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZk1BMUIAAADybWV0YQAAAAAAAAAoaGRscgAAAAAAAAAAcGljdAAAAAAAAAAAAAAAAGxpYmF2aWYAAAAADnBpdG0AAAAAAAEAAAAeaWxvYwAAAABEAAABAAEAAAABAAABGgAAAB0AAAAoaWluZgAAAAAAAQAAABppbmZlAgAAAAABAABhdjAxQ29sb3IAAAAAamlwcnAAAABLaXBjbwAAABRpc3BlAAAAAAAAAAIAAAACAAAAEHBpeGkAAAAAAwgICAAAAAxhdjFDgQ0MAAAAABNjb2xybmNseAACAAIAAYAAAAAXaXBtYQAAAAAAAAABAAEEAQKDBAAAACVtZGF0EgAKCBgANogQEAwgMg8f8D///8WfhwB8+ErK42A=";
    await page.evaluate((text) => {
      const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
      window.given.result = window.given.pictures.clean(new File([bytes], "slika.avif", { type: "image/avif" }));
    }, avif);
    expect(await see(page)).toMatchObject({ name: "slika.jpg", type: "image/jpeg", width: 2, height: 2 });
  });
});
