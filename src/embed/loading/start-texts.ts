// By name, so that the script does not bring all texts with it.
import { start as ar } from "../../../locales/ar.json";
import { start as de } from "../../../locales/de.json";
import { start as en } from "../../../locales/en.json";
import { start as sl } from "../../../locales/sl.json";

const texts: Readonly<Record<string, typeof en>> = { ar, de, en, sl };

/** The little that is said before the texts of the language are there, or when they can't be had. */
export function startTexts(language: string): typeof en {
  return texts[language] ?? en;
}
