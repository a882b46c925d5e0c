import { catalogOf } from "../i18n/catalog.ts";
import { runScriptTag } from "../loader/script-tag.ts";

/** The whole widget in one file, with two languages. */
const catalog = catalogOf(
  import.meta.glob<object>(["../../locales/en.json", "../../locales/sl.json"], { import: "default" }),
);

const script = document.currentScript;

runScriptTag({
  name: script instanceof HTMLScriptElement && script.src ? script.src : "podpora.bundle.js",
  // Everything is included.
  fetch: () => undefined,
  async app() {
    const { startScriptApp } = await import("./start-script-app.ts");
    return { startApp: async (page) => await startScriptApp(page, catalog) };
  },
  diagnosis: async () => await import("./diagnosis/main.ts"),
});
