// By name, so that the launcher does not bring all texts with it.
import { launcher as en } from "../../locales/en.json";
import { launcher as sl } from "../../locales/sl.json";

/** What the launcher is called before the texts of the app are there: in English, where the bundle has no other. */
export function launcherLabel(language: string): string {
  return (language === "sl" ? sl : en).open;
}
