import en from "../../locales/en.json" with { type: "json" };
import sl from "../../locales/sl.json" with { type: "json" };
import type { inBundle } from "./languages.ts";

export const texts: Readonly<Record<(typeof inBundle)[number], object>> = { en, sl };
