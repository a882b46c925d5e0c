import type en from "../../locales/en.json";

type Texts = Pick<typeof en, "capture" | "editor" | "viewer">;
/** Such as "editor.title". */
export type Key = { [Group in keyof Texts]: `${Group}.${keyof Texts[Group] & string}` }[keyof Texts];
export type T = (key: Key, values?: Readonly<Record<string, string | number>>) => string;
