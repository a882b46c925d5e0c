/** The floor's panel: the widget's libraries, whole and started, and forty rows. */
import "@preact/signals";
import { signal } from "@preact/signals-core";
import { createInstance } from "i18next";
import ky from "ky";
import { h, render } from "preact";

export async function openPanel(root) {
  const texts = { title: "Help", row: "Row {{number}}" };
  const i18n = createInstance();
  await i18n.init({ lng: "en", resources: { en: { translation: texts } } });
  const rows = signal(Array.from({ length: 40 }, (_, row) => row));
  const api = ky.create({ retry: 0 });
  function Panel() {
    return h(
      "section",
      { role: "dialog", tabIndex: -1, title: i18n.t("title"), onClick: () => void api.get("/nothing") },
      rows.value.map((row) => h("p", { key: row }, h("b", {}, i18n.t("row", { number: row })), h("i", {}))),
    );
  }
  const container = document.createElement("div");
  root.append(container);
  render(h(Panel, {}), container);
  root.querySelector("section")?.focus();
}
