import { changeMistakes } from "../core/option-changes.ts";
import { checkOptions, type Options, OptionsError } from "../core/options.ts";
import { unknownOptions } from "../core/unknown-options.ts";
import { catalog } from "../i18n/every-language.ts";
import type { Sources } from "../loader/app.ts";
import type { Info, Podpora } from "../loader/handle.ts";
import type { Report } from "../loader/report.ts";
import { createLoader } from "../loader/loader.ts";
import { warn } from "../loader/log.ts";
import type { CallVerb } from "../loader/verbs.ts";
import { version } from "../version.ts";

/**
 * Puts the widget on the page. On a server there is no page: the handle exists, and does nothing.
 *
 * @throws {OptionsError} for an invalid option; the message names it and the fix.
 * @example const help = createPodpora({ endpoint: "https://help.example.org/podpora" }); await help.open("chat");
 */
export const createPodpora = (options: Options): Podpora => createIn(undefined, options);

/** The same in an element of the page. */
export function createIn(element: HTMLElement | undefined, options: Options): Podpora {
  if (typeof document === "undefined") return handleOf(() => undefined);
  checkOptions(options, document.baseURI);
  for (const message of unknownOptions(options)) warn(message);
  return handleOf(createLoader(options, sources, element));
}

/** Parts of the site's own bundle. */
const sources: Sources = {
  name: "a module of the page",
  fetch: (language) => void Promise.all([catalog.load(language), import("./start-app.tsx")]).catch(() => undefined),
  async app() {
    const { startApp } = await import("./start-app.tsx");
    return { startApp: async (page) => await startApp(page, catalog) };
  },
  diagnosis: async () => await import("./diagnosis/main.ts"),
};

const nowhere: Info = { version, open: false, route: undefined, locale: "en", signedIn: false };

/** On a server, and in a browser that is too old. */
function nothingToDiagnose(): Report {
  const problem = "There is no widget: this is a server, or a browser that is too old.";
  const fix = "Call it in a browser. Its console says which feature is missing.";
  const text = `Podpora ${version}, waiting\n${problem}\n${fix}`;
  return { version, at: new Date().toISOString(), state: "waiting", findings: [{ problem, fix }], text };
}

/** A function for each verb. Without a widget, none of them does anything. */
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
    async update(changes) {
      if (typeof document === "undefined") return;
      const mistakes = changeMistakes(changes, document.baseURI);
      if (mistakes.length > 0) throw new OptionsError(mistakes.join("\n"));
      await call("update", changes);
    },
    set: async (attributes) => void (await call("set", attributes)),
    on: (type, listener) => (call("on", type, listener) as (() => void) | undefined) ?? (() => undefined),
    once: (type, listener) => (call("once", type, listener) as (() => void) | undefined) ?? (() => undefined),
    off: (type, listener) => void call("off", type, listener),
    info: () => (call("info") as Info | undefined) ?? nowhere,
    diagnose: async () => ((await call("diagnose")) as Report | undefined) ?? nothingToDiagnose(),
    destroy: () => void call("destroy"),
  };
}
