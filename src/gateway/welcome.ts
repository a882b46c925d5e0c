import type { Session } from "../core/contract/adapter.ts";
import { languageOf } from "../core/contract/language-tag.ts";
import type { GatewayOptions, SiteText } from "./options.ts";

/** The site's own content for the panel. */
export type Welcome = Pick<GatewayOptions, "team" | "agents" | "notice" | "consent">;

/** The part of the session for a caller with this language. */
export function welcomeOf(
  { team, agents, notice, consent }: Welcome,
  locale: string,
): Pick<Session, "team" | "agents" | "notice" | "consent"> {
  return {
    ...(team === undefined ? {} : { team }),
    ...(agents === undefined ? {} : { agents }),
    ...(notice === undefined ? {} : { notice: inLanguage(notice, locale) }),
    ...(consent === undefined ? {} : { consent: inLanguage(consent, locale) }),
  };
}

/** The text for this tag, for its language in any region, in English, or the first one. */
function inLanguage(text: SiteText, locale: string): string {
  if (typeof text === "string") return text;
  const byTag = new Map(Object.entries(text));
  const ofLanguage = (language: string) =>
    byTag.get(language) ?? Object.entries(text).find(([tag]) => languageOf(tag) === language)?.[1];
  return byTag.get(locale) ?? ofLanguage(languageOf(locale)) ?? ofLanguage("en") ?? Object.values(text)[0] ?? "";
}
