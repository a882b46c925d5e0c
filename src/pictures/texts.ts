import en from "../../locales/pictures/en.json" with { type: "json" };

type Texts = typeof en;
/** "editor.title" */
export type Key = { [Group in keyof Texts]: `${Group}.${keyof Texts[Group] & string}` }[keyof Texts];
export type T = (key: Key, values?: Readonly<Record<string, string | number>>) => string;

const files = import.meta.glob<Texts>("../../locales/pictures/*.json", { import: "default", eager: true });

/** The texts of a language, or the English ones. None of them needs a plural, so that no library for them is here. */
export function textsOf(language: string): T {
  const groups: Readonly<Record<string, Readonly<Record<string, string>>>> =
    files[`../../locales/pictures/${language}.json`] ?? en;
  return (key, values = {}) => {
    const [group = "", name = ""] = key.split(".");
    const text = groups[group]?.[name] ?? key;
    return text.replaceAll(/\{\{(\w+)\}\}/g, (_, value: string) => String(values[value] ?? ""));
  };
}
