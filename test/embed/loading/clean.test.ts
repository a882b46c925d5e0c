import { expect, test, vi } from "vitest";
import { lazyPictures } from "../../../src/embed/loading/pictures.ts";
import { catalog } from "../../../src/i18n/every-language.ts";
import { createI18n } from "../../../src/i18n/index.ts";

const asked = vi.hoisted(() => ({ times: 0 }));
vi.mock("../../../src/embed/loading/import-part.ts", () => ({
  async importPart() {
    asked.times += 1;
    throw new TypeError("Failed to fetch");
  },
}));

async function pictures() {
  const element = document.createElement("div");
  const host = { element, root: element.attachShadow({ mode: "open" }) };
  const i18n = await createI18n("en", catalog);
  return lazyPictures(host, i18n, new AbortController().signal);
}
const file = (bytes: string, name: string) => new File([Uint8Array.from(bytes, (char) => char.charCodeAt(0))], name);

test("a file that is not a picture is sent unchanged, and nothing is fetched for it", async () => {
  const pdf = file("%PDF-1.7 …", "račun.pdf");
  expect(await (await pictures()).clean(pdf)).toBe(pdf);
  expect(asked.times).toBe(0);
});

test("a picture that can't be cleaned because of the network reports a network error", async () => {
  const png = file("\x89PNG\r\n\x1a\n", "a.png");
  await expect((await pictures()).clean(png)).rejects.toMatchObject({ code: "network" });
  expect(asked.times).toBe(1);
});
