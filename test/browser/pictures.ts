import { readdirSync, readFileSync } from "node:fs";
import type { JSHandle, Page } from "playwright";
import type * as Beside from "../../src/pictures/index.ts";
import { openHelp } from "./world.ts";

interface Given {
  readonly pictures: Beside.Pictures;
  /** The result of the last call, which may still be running. */
  result: Promise<File | undefined | void>;
}

declare global {
  interface Window {
    given: Given;
  }
}

/** Imports a module in the page. As a string, since Vitest would transform the import. */
async function importIn<Module>(page: Page, address: string): Promise<JSHandle<Module>> {
  return (await page.evaluateHandle(`import(${JSON.stringify(address)})`)) as JSHandle<Module>;
}

/** Loads the picture tools into the widget's shadow root, without its own buttons for them. */
export async function loadPictures(page: Page, locale = "sl"): Promise<void> {
  await openHelp(page);
  const module = await importIn<typeof Beside>(
    page,
    `/podpora/${readdirSync("dist").find((name) => /^pictures-[0-9a-f]{8}\.js$/.test(name))}`,
  );
  const texts: Readonly<Record<string, Record<string, string>>> = JSON.parse(
    readFileSync(`locales/${locale}.json`, "utf8"),
  );
  await module.evaluate(
    ({ createPictures }, [language, its]) => {
      const element = document.querySelector<HTMLElement>("podpora-widget")!;
      const pictures = createPictures({
        root: element.shadowRoot!,
        element,
        locale: () => language,
        t: (key, values = {}) => {
          const [group = "", name = ""] = key.split(".");
          return (its[group]?.[name] ?? key).replaceAll(/\{\{(\w+)\}\}/g, (_, value: string) => String(values[value]));
        },
        direction: () => (language === "ar" ? "rtl" : "ltr"),
      });
      window.given = { pictures, result: Promise.resolve() };
    },
    [locale, texts] as const,
  );
}

/** Opens the editor with a picture that is green all over. */
export async function editGreen(
  page: Page,
  { width = 800, height = 500, type = "image/png", name = "slika.png" } = {},
) {
  await page.evaluate(
    async (wanted) => {
      const canvas = document.createElement("canvas");
      canvas.width = wanted.width;
      canvas.height = wanted.height;
      const context = canvas.getContext("2d")!;
      context.fillStyle = "#00c000";
      context.fillRect(0, 0, wanted.width, wanted.height);
      const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, wanted.type));
      window.given.result = window.given.pictures.edit(new File([blob!], wanted.name, { type: wanted.type }));
    },
    { width, height, type, name },
  );
  await page.getByRole("application").waitFor();
}

/** Left, top, width, height. */
export type Box = [number, number, number, number];

interface Seen {
  readonly name: string;
  readonly type: string;
  readonly width: number;
  readonly height: number;
  /** Red, green, blue of the requested points. */
  readonly points: readonly (readonly number[])[];
  /** For each requested box, the number of pixels that are not exactly black. */
  readonly notBlack: readonly number[];
  /** The number of pixels in a mark's red. */
  readonly red: number;
  /** The bounds of everything clearly green. */
  readonly green: readonly [left: number, top: number, right: number, bottom: number];
}

/** Analyses the result of the last call; boxes and points are in its pixels. Undefined if there was none. */
export async function see(
  page: Page,
  { points = [], boxes = [] }: { points?: readonly [number, number][]; boxes?: readonly Box[] } = {},
): Promise<Seen | undefined> {
  return await page.evaluate(
    async (wanted) => {
      const file = await window.given.result;
      if (!(file instanceof File)) return undefined;
      const bitmap = await createImageBitmap(file);
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      const context = canvas.getContext("2d", { willReadFrequently: true })!;
      context.drawImage(bitmap, 0, 0);
      const all = context.getImageData(0, 0, bitmap.width, bitmap.height).data;
      const green = [bitmap.width, bitmap.height, -1, -1] as [number, number, number, number];
      let red = 0;
      for (let at = 0; at < all.length; at += 4) {
        const [r = 0, g = 0, b = 0] = all.subarray(at, at + 3);
        if (r > 180 && g < 80 && b < 100) red += 1;
        if (g <= 120 || g < 1.6 * r || g < 1.6 * b) continue;
        const [x, y] = [(at / 4) % bitmap.width, Math.floor(at / 4 / bitmap.width)];
        green[0] = Math.min(green[0], x);
        green[1] = Math.min(green[1], y);
        green[2] = Math.max(green[2], x);
        green[3] = Math.max(green[3], y);
      }
      return {
        name: file.name,
        type: file.type,
        width: bitmap.width,
        height: bitmap.height,
        points: wanted.points.map(([x, y]) => [...context.getImageData(x, y, 1, 1).data.subarray(0, 3)]),
        notBlack: wanted.boxes.map((box) => {
          const pixels = context.getImageData(...box).data;
          let count = 0;
          for (let at = 0; at < pixels.length; at += 4) if (pixels[at]! + pixels[at + 1]! + pixels[at + 2]!) count += 1;
          return count;
        }),
        red,
        green,
      };
    },
    { points, boxes },
  );
}

/** The screen position of a point in the picture, in fractions of its width and height. */
export async function placeOf(page: Page, x: number, y: number): Promise<{ readonly x: number; readonly y: number }> {
  const box = await page.getByRole("application").locator("canvas").first().boundingBox();
  return { x: box!.x + box!.width * x, y: box!.y + box!.height * y };
}

export async function drag(page: Page, from: [number, number], to: [number, number]): Promise<void> {
  const [start, end] = [await placeOf(page, ...from), await placeOf(page, ...to)];
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move((start.x + end.x) / 2, (start.y + end.y) / 2);
  await page.mouse.move(end.x, end.y);
  await page.mouse.up();
}
