import { catalog } from "../i18n/every-language.ts";
import type { AppModule } from "../loader/app.ts";
import { startScriptApp } from "./start-script-app.ts";

/** The app with every language, each in a separate file. */
export const startApp: AppModule["startApp"] = async (page) => await startScriptApp(page, catalog);
