import type { AppModule } from "./app.ts";
import { runScriptTag } from "./script-tag.ts";

/** The names of the files that the build has made of the rest. vite.config.ts puts them in. */
declare const FILES: { readonly app: string; readonly texts: Readonly<Record<string, string>> };

const script = document.currentScript;
const source = script instanceof HTMLScriptElement && script.src;

/** The rest of the widget is in modules where this script came from; at the endpoint, where the browser does not tell. */
async function fetched<Module>(name: string | undefined, endpoint: string | undefined): Promise<Module> {
  const address = new URL(name ?? "", source || `${endpoint}/`).href;
  try {
    const module: Module = await import(/* @vite-ignore */ address);
    return module;
  } catch (error) {
    // A file that came broken is not to stay in the browser's cache: after a reload the page has a whole one.
    await fetch(address, { cache: "reload" }).catch(() => undefined);
    throw error;
  }
}

runScriptTag({
  app: (endpoint) => fetched<AppModule>(FILES.app, endpoint),
  texts: (language, endpoint) => fetched<unknown>(FILES.texts[language], endpoint),
});
