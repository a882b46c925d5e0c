import { checkOptions, type Options } from "../core/options.ts";
import { unknownOptions } from "../core/unknown-options.ts";
import { catalog } from "../i18n/catalog.ts";
import type { Sources } from "../loader/app.ts";
import type { Info, Podpora } from "../loader/handle.ts";
import { createLoader } from "../loader/loader.ts";
import { warn } from "../loader/log.ts";
import type { CallVerb } from "../loader/verbs.ts";
import { version } from "../version.ts";

/**
 * Puts the widget on the page. On a server there is no page: the handle is there, and does nothing.
 *
 * @throws {OptionsError} for an option that can't work; the message names it and the fix.
 * @example
 * const help = createPodpora({ endpoint: "https://help.example.org/podpora" });
 * await help.open("chat");
 */
export const createPodpora = (options: Options): Podpora => createIn(undefined, options);

/** The same in an element of the page's own. */
export function createIn(element: HTMLElement | undefined, options: Options): Podpora {
  if (typeof document === "undefined") return handleOf(() => undefined);
  checkOptions(options, document.baseURI);
  for (const message of unknownOptions(options)) warn(message);
  return handleOf(createLoader(options, sources, element));
}

/** Parts of the site's own bundle. */
const sources: Sources = {
  fetch: (language) => void Promise.all([catalog.load(language), import("./start-app.tsx")]).catch(() => undefined),
  async app() {
    const { startApp } = await import("./start-app.tsx");
    return { startApp: async (page) => await startApp(page, catalog) };
  },
};

const nowhere: Info = { version, open: false, route: undefined, locale: "en", signedIn: false };

/** A function for each verb. Where there is no widget, none of them does anything. */
function handleOf(call: CallVerb): Podpora {
  return {
    identify: async (identity) => void (await call("identify", identity)),
    logout: async () => void (await call("logout")),
    open: async (route) => void (await call("open", route)),
    close: () => void call("close"),
    toggle: async (route) => void (await call("toggle", route)),
    show: () => void call("show"),
    hide: () => void call("hide"),
    navigate: async (route) => void (await call("navigate", route)),
    prefill: async (words) => void (await call("prefill", words)),
    on: (type, listener) => (call("on", type, listener) as (() => void) | undefined) ?? (() => undefined),
    once: (type, listener) => (call("once", type, listener) as (() => void) | undefined) ?? (() => undefined),
    off: (type, listener) => void call("off", type, listener),
    info: () => (call("info") as Info | undefined) ?? nowhere,
    destroy: () => void call("destroy"),
  };
}
