import { type Options, optionMistakes } from "../core/options.ts";
import { unknownOptions } from "../core/unknown-options.ts";
import type { Catalog } from "../i18n/catalog.ts";
import type { App, WidgetPage } from "../loader/app.ts";
import { warn } from "../loader/log.ts";
import { startApp } from "./start-app.tsx";

/**
 * The app behind a script tag, whose options are unchecked: invalid ones are reported to the site's developer, and
 * ignored.
 */
export async function startScriptApp(page: WidgetPage, catalog: Catalog): Promise<App | undefined> {
  for (const message of adviseOn(page.options)) warn(message);
  return await startApp({ ...page, options: soundOf(page.options) }, catalog);
}

/** Without invalid options. */
const soundOf = (options: Options): Options =>
  Object.fromEntries(
    Object.entries(options).filter(
      ([name, value]) => optionMistakes({ endpoint: "/", [name]: value }, document.baseURI).length === 0,
    ),
  );

const adviseOn = (options: Options): readonly string[] => [
  ...unknownOptions(options),
  ...optionMistakes(options, document.baseURI),
];
