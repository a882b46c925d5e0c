import type { AppModule } from "./app.ts";
import { runScriptTag } from "./script-tag.ts";

/** The names of the files that the build has made of the rest. vite.config.ts puts them in. */
declare const FILES: { readonly app: string; readonly texts: Readonly<Record<string, string>> };

const script = document.currentScript;
const source = script instanceof HTMLScriptElement && script.src;

/** The rest of the widget is in modules where this script came from; at the endpoint, where the browser does not tell. */
const addressOf = (name: string, endpoint: string | undefined) => new URL(name, source || `${endpoint}/`).href;

runScriptTag({
  fetch(language, endpoint) {
    for (const name of [FILES.app, FILES.texts[language]]) {
      if (name === undefined) continue;
      const link = Object.assign(document.createElement("link"), {
        rel: "modulepreload",
        href: addressOf(name, endpoint),
      });
      for (const type of ["load", "error"]) link.addEventListener(type, () => link.remove());
      document.head.append(link);
    }
  },
  async app(endpoint) {
    const address = addressOf(FILES.app, endpoint);
    try {
      const module: AppModule = await import(/* @vite-ignore */ address);
      return module;
    } catch (error) {
      // A file that came broken is not to stay in the browser's cache: after a reload the page has a whole one.
      await fetch(address, { cache: "reload" }).catch(() => undefined);
      throw error;
    }
  },
});
