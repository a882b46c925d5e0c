import type { AppModule } from "./app.ts";
import { runScriptTag } from "./script-tag.ts";

/** The names of the files that the build has made of the rest. vite.config.ts puts them in. */
declare const FILES: { readonly app: string; readonly texts: Readonly<Record<string, string>> };

const script = document.currentScript;
const source = script instanceof HTMLScriptElement && script.src;

/** The rest of the widget is in modules where this script came from; at the endpoint, where the browser does not tell. */
async function fetched<Module>(name: string | undefined, endpoint: string | undefined): Promise<Module> {
  const module: Module = await import(/* @vite-ignore */ new URL(name ?? "", source || `${endpoint}/`).href);
  return module;
}

runScriptTag({
  app: (endpoint) => fetched<AppModule>(FILES.app, endpoint),
  texts: (language, endpoint) => fetched<unknown>(FILES.texts[language], endpoint),
});
