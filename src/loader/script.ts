import type { AppModule, DiagnosisModule } from "./app.ts";
import { runScriptTag } from "./script-tag.ts";

/** The names of the built files, inserted by vite.config.ts. */
declare const FILES: {
  readonly app: string;
  readonly diagnosis: string;
  readonly texts: Readonly<Record<string, string>>;
};

const script = document.currentScript;
const source = script instanceof HTMLScriptElement && script.src;

/** The modules are where this script came from; at the endpoint, if the browser does not report that. */
const addressOf = (name: string, endpoint: string | undefined) => new URL(name, source || `${endpoint}/`).href;

runScriptTag({
  name: source || "podpora.js",
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
      // A corrupted file must not stay in the browser's cache: after a reload the page gets a complete one.
      await fetch(address, { cache: "reload" }).catch(() => undefined);
      throw error;
    }
  },
  async diagnosis(endpoint) {
    const module: DiagnosisModule = await import(/* @vite-ignore */ addressOf(FILES.diagnosis, endpoint));
    return module;
  },
});
