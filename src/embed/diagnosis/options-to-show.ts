import type { Options } from "../../core/options.ts";
import { withoutQuery } from "./without-query.ts";

const addresses: readonly string[] = ["endpoint", "tokenUrl", "signInUrl"];
/** Their values can only be words of the documentation, numbers, language tags or versions; any other value is not shown. */
const harmless: Readonly<Record<string, RegExp>> = {
  locale: /^(?:auto|[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3})$/,
  theme: /^(?:auto|light|dark)$/,
  position: /^(?:start|end)$/,
  view: /^(?:widget|page|inline)$/,
  ticketLanguage: /^(?:prefix|field|off)$/,
  pageContext: /^(?:on|off|true|false)$/,
  titleCount: /^(?:on|off|true|false)$/,
  preload: /^(?:intent|idle|off)$/,
  queueMinutes: /^\d{1,3}$/,
  appVersion: /^v?\d[\w.+-]{0,30}$/,
};

/** The options that are set. A value that may be a secret or name a person is not shown. */
export function optionsToShow(options: Options): Readonly<Record<string, string | number | boolean>> {
  return Object.fromEntries(
    Object.entries(options).flatMap(([name, value]: [string, unknown]) => {
      if (value === undefined) return [];
      return [[name, shown(name, value)]];
    }),
  );
}

function shown(name: string, value: unknown): string | number | boolean {
  if (typeof value === "string" && addresses.includes(name)) return withoutQuery(value);
  const isPlain = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  if (isPlain && harmless[name]?.test(String(value)) === true) return value;
  if (name !== "texts" || typeof value !== "object") return "set";
  const languages = Object.entries(Object(value)).map(
    ([language, texts]) => `${language.slice(0, 12)}: ${Object.keys(Object(texts)).length}`,
  );
  return languages.join(", ").slice(0, 300);
}
