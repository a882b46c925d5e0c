import type en from "../../locales/en.json";

/** The few texts needed before a language's texts are loaded, or if they can't be fetched. */
export type StartTexts = (typeof en)["start"];

const files = import.meta.glob<StartTexts>("../../locales/*.json", { import: "start", eager: true });

/** By language. */
export const startTexts: Readonly<Record<string, StartTexts>> = Object.fromEntries(
  Object.entries(files).map(([path, texts]) => [path.slice(path.lastIndexOf("/") + 1, -5), texts]),
);
