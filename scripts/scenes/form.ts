import type { Page } from "playwright";
import type { Field } from "../../src/core/contract/adapter.ts";
import type { Scene } from "./stage.ts";
import { box, button, choose, openForm, picture } from "./steps.ts";

const submit = (page: Page) => button(page, "Prijavi tehnično težavo");

/** One field of each kind. */
const fields: readonly Field[] = [
  {
    key: "category",
    label: "Področje",
    kind: "select",
    required: true,
    options: ["Naročila", "Plačila"].map((label) => ({ value: label, label })),
  },
  { key: "order", label: "Številka naročila", kind: "text", required: true, help: "BR- in šest števk." },
  {
    key: "items",
    label: "Kateri kosi",
    kind: "multi-select",
    options: ["Šotor", "Nahrbtnik", "Svetilka"].map((label) => ({ value: label, label })),
  },
  { key: "since", label: "Od kdaj", kind: "date" },
  { key: "times", label: "Kolikokrat", kind: "number" },
  { key: "note", label: "Opomba", kind: "long-text", help: "Kar bi še radi povedali." },
  { key: "call", label: "Lahko me pokličete po telefonu", kind: "checkbox", required: true },
];

async function fill(page: Page) {
  await box(page, "Naslov zahtevka").fill("Naročila ni mogoče oddati");
  await box(page, "Kaj ste storili?").fill("Odprem košarico in kliknem »Plačaj«.");
  await box(page, "Kaj se je zgodilo?").fill("Prikaže se »Naročila ni mogoče obdelati«.");
  await choose(page, [await picture(page)]);
  await page.getByText("Shranjeno v tej napravi").waitFor();
}

export const form: Scene = async ({ visit, shot }) => {
  const page = await visit();
  await openForm(page);
  await shot("form-empty", page);
  await box(page, "Kaj ste pričakovali?").scrollIntoViewIfNeeded();
  await shot("form-empty-middle", page);
  await submit(page).scrollIntoViewIfNeeded();
  await shot("form-empty-end", page);
  await submit(page).click();
  await shot("form-empty-submitted", page);
  await fill(page);
  await box(page, "Naslov zahtevka").scrollIntoViewIfNeeded();
  await shot("form-filled", page);
  await submit(page).scrollIntoViewIfNeeded();
  await shot("form-filled-end", page);
  await page.context().setOffline(true);
  await page.getByText("Ni povezave. Kar napišete").waitFor();
  await shot("offline", page);
  await page.context().setOffline(false);
  await button(page, "Zavrzi osnutek").click();
  await page.getByText("Osnutek je zavržen.").scrollIntoViewIfNeeded();
  await shot("form-discarded", page);
  await button(page, "Razveljavi").click();
  await page.getByText("Priloženi podatki").click();
  await page.getByRole("checkbox", { name: "Zaslon" }).uncheck();
  await page.getByRole("checkbox", { name: "Zaslon" }).scrollIntoViewIfNeeded();
  await shot("form-context", page);
  await submit(page).click();
  await page.getByText(/Vaš zahtevek ima številko/).waitFor();
  await shot("thank-you", page);
};

export const formFields: Scene = async ({ visit, shot }) => {
  const page = await visit();
  await page.route("**/tickets/fields", (route) => route.fulfill({ json: { items: fields } }));
  await openForm(page);
  await box(page, "Naslov zahtevka").fill("Manjka svetilka");
  await box(page, "Kaj se je zgodilo?").fill("V paketu ni bilo svetilke.");
  await submit(page).click();
  await page.getByText("Prosimo, izpolnite to polje.").first().waitFor();
  await shot("form-fields", page);
  await page.getByRole("spinbutton", { name: "Kolikokrat" }).scrollIntoViewIfNeeded();
  await shot("form-fields-middle", page);
  await page.getByText("Lahko me pokličete").scrollIntoViewIfNeeded();
  await shot("form-fields-end", page);
};

export const formFiles: Scene = async ({ visit, shot }) => {
  const page = await visit();
  let answers = 0;
  await page.route("**/podpora/uploads*", (route) =>
    route.request().method() === "POST" && ++answers === 2
      ? route.fulfill({ status: 403, body: "" })
      : route.continue(),
  );
  await openForm(page);
  await choose(page, [await picture(page)]);
  await page.locator("progress").waitFor({ state: "detached" });
  await choose(page, [await picture(page, "račun.png")]);
  await page.getByText(/Datoteke račun\.png ni bilo mogoče naložiti/).waitFor();
  await page.route("**/podpora/uploads/**", (route) =>
    route.request().method() === "PATCH" ? undefined : route.continue(),
  );
  const file = (name: string, mimeType: string, size: number) => ({ name, mimeType, buffer: Buffer.alloc(size, 32) });
  await choose(page, [
    file("zapisnik napak z zelo dolgim imenom datoteke.txt", "text/plain", 2_000_000),
    file("namestitev.exe", "application/x-msdownload", 100),
    file("prazna.txt", "text/plain", 0),
  ]);
  await page.getByText(/namestitev\.exe/).waitFor();
  await page.getByText(/namestitev\.exe/).scrollIntoViewIfNeeded();
  await shot("form-files", page);
  await page.getByRole("heading", { name: "Prijavi novo tehnično težavo" }).evaluate((element) => {
    const data = new DataTransfer();
    data.items.add(new File(["a"], "a.txt", { type: "text/plain" }));
    element.dispatchEvent(
      new DragEvent("dragover", { bubbles: true, cancelable: true, composed: true, dataTransfer: data }),
    );
  });
  await page.getByText("Spustite datoteke tukaj").waitFor();
  await shot("form-drop", page);
};

type Point = readonly [x: number, y: number];

/** Draws with a tool from point to point, in fractions of the picture. */
async function draw(page: Page, tool: string, from: Point, to: Point) {
  await page.getByRole("radio", { name: tool }).check({ force: true });
  const area = await page.getByRole("application").locator("canvas").first().boundingBox();
  if (!area) throw new Error("there is no picture to mark");
  const at = ([x, y]: Point) => [area.x + area.width * x, area.y + area.height * y] as const;
  await page.mouse.move(...at(from));
  await page.mouse.down();
  await page.mouse.move(...at(to), { steps: 3 });
  await page.mouse.up();
}

/** Opens a picture of the site in the editor, with a mark of each kind. */
export async function markPicture(page: Page): Promise<void> {
  const site = { name: "posnetek.png", mimeType: "image/png", buffer: await page.screenshot() };
  await openForm(page);
  await choose(page, [site]);
  await button(page, "Označi ali počrni: posnetek.png").click();
  await page.getByRole("application").waitFor();
  await draw(page, "Okvir", [0.02, 0.52], [0.29, 0.63]);
  await draw(page, "Puščica", [0.6, 0.66], [0.31, 0.58]);
  await draw(page, "Počrni", [0.58, 0.01], [0.875, 0.1]);
  await draw(page, "Besedilo", [0.64, 0.64], [0.64, 0.64]);
  await box(page, "Besedilo na sliki").fill("Tu se ustavi");
}

export const editor: Scene = async ({ visit, shot }) => {
  const page = await visit();
  await markPicture(page);
  await shot("editor", page);
  await button(page, "Prekliči").click();
  await page.getByText("Zavržemo oznake?").waitFor();
  await shot("editor-question", page);
};
