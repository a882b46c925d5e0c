import ar from "../../locales/pictures/ar.json" with { type: "json" };
import de from "../../locales/pictures/de.json" with { type: "json" };
import en from "../../locales/pictures/en.json" with { type: "json" };
import sl from "../../locales/pictures/sl.json" with { type: "json" };

type Texts = typeof en;
/** "editor.title" */
export type Key = { [Group in keyof Texts]: `${Group}.${keyof Texts[Group] & string}` }[keyof Texts];
export type T = (key: Key, values?: Readonly<Record<string, string | number>>) => string;

const languages: Readonly<Record<string, Texts>> = { ar, de, en, sl };

/** The texts of a language, or the English ones. None of them needs a plural, so that no library for them is here. */
export function textsOf(language: string): T {
  const groups: Readonly<Record<string, Readonly<Record<string, string>>>> = languages[language] ?? en;
  return (key, values = {}) => {
    const [group = "", name = ""] = key.split(".");
    const text = groups[group]?.[name] ?? key;
    return text.replaceAll(/\{\{(\w+)\}\}/g, (_, value: string) => String(values[value] ?? ""));
  };
}
