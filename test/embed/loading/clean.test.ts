import { signal } from "@preact/signals-core";
import { expect, test, vi } from "vitest";
import { lazyPictures } from "../../../src/embed/loading/pictures.ts";
import type { I18n } from "../../../src/i18n/index.ts";

const asked = vi.hoisted(() => ({ times: 0 }));
vi.mock("../../../src/embed/loading/import-part.ts", () => ({
  async importPart() {
    asked.times += 1;
    throw new TypeError("Failed to fetch");
  },
}));

function pictures() {
  const element = document.createElement("div");
  const host = { element, root: element.attachShadow({ mode: "open" }) };
  const i18n: Pick<I18n, "locale" | "direction"> = { locale: signal("en"), direction: signal("ltr") };
  return lazyPictures(host, i18n, new AbortController().signal);
}
const file = (bytes: string, name: string) => new File([Uint8Array.from(bytes, (char) => char.charCodeAt(0))], name);

test("a file that is no picture is sent as it is, and nothing is fetched for it", async () => {
  const pdf = file("%PDF-1.7 …", "račun.pdf");
  expect(await pictures().clean(pdf)).toBe(pdf);
  expect(asked.times).toBe(0);
});

test("a picture that can't be cleaned because the network is gone is told as that", async () => {
  const png = file("\x89PNG\r\n\x1a\n", "a.png");
  await expect(pictures().clean(png)).rejects.toMatchObject({ code: "network" });
  expect(asked.times).toBe(1);
});
