import type { Adapter } from "./contract/adapter.ts";
import { toJson } from "./contract/json.ts";
import { parseRoute } from "./routes.ts";
import { languageTag } from "./contract/language-tag.ts";

/** What the site sets, by `createPodpora()`, `Podpora("init", …)` or `data-podpora-*` on the tag. */
export interface Options {
  /** The gateway's address. @default where podpora.js came from */
  readonly endpoint?: string;
  /** A desk with a public visitor API, or one of the site's own; instead of `endpoint`. */
  readonly adapter?: Adapter | (() => Adapter | Promise<Adapter>);
  /** A language tag, or "auto": that of the page, else of the browser. @default "auto" */
  readonly locale?: string;
  /** @default "auto" */
  readonly theme?: "auto" | "light" | "dark";
  /** Which corner, along the line of writing. @default "end" */
  readonly position?: "start" | "end";
  /**
   * `page` fills the window and has no launcher: the chat page of its own. `inline` fills the element that it is put into, in
   * the flow of the page, and has none either. @default "widget"
   */
  readonly view?: "widget" | "page" | "inline";
  /** Where the panel opens first. @default "tickets" */
  readonly route?: string;
  /**
   * Where the member's language goes: in front of the title ("Slovenščina - Naročila ni mogoče oddati"), beside it as a
   * field, or nowhere. @default "prefix"
   */
  readonly ticketLanguage?: "prefix" | "field" | "off";
  /** Whether page, browser and screen go along with a ticket, as far as the member lets them. @default "on" */
  readonly pageContext?: "on" | "off";
  /** The version of the site's own software, for agents. */
  readonly appVersion?: string;
  /** Whether the page's title tells how many things wait for the member: "(2) My page". @default "off" */
  readonly titleCount?: "on" | "off";
  /** After so many minutes in the queue a ticket is offered, with an apology. @default "10" */
  readonly queueMinutes?: string;
  /** An address of the site that answers with a signed token as text, asked with the page's own cookies. */
  readonly tokenUrl?: string;
}

/** A mistake of the site's developer: the message names the option and the fix. */
export class OptionsError extends Error {
  override readonly name = "OptionsError";
}

const choices = {
  theme: ["auto", "light", "dark"],
  position: ["start", "end"],
  view: ["widget", "page", "inline"],
  ticketLanguage: ["prefix", "field", "off"],
  pageContext: ["on", "off"],
  titleCount: ["on", "off"],
} as const;

/** Throws an `OptionsError` for what can't work, before anything is shown. */
export function checkOptions(options: Options, base: string): void {
  const [mistake] = optionMistakes(options, base);
  if (mistake) throw new OptionsError(mistake);
}

/** What can't work, a message each: it names the option and the fix. Relative addresses are taken from `base`. */
export function optionMistakes(options: Options, base: string): readonly string[] {
  const mistakes: string[] = [];
  const given: Readonly<Record<string, unknown>> = { ...options };

  function mustBe(name: string, isRight: boolean, wanted: string) {
    if (given[name] !== undefined && !isRight)
      mistakes.push(`"${name}" is ${toJson(given[name])}; set it to ${wanted}.`);
  }
  for (const [name, allowed] of Object.entries<readonly unknown[]>(choices)) {
    mustBe(name, allowed.includes(given[name]), `one of ${allowed.join(", ")}`);
  }
  const { route, locale, queueMinutes } = options;
  mustBe("route", typeof route === "string" && !!parseRoute(route), "tickets, tickets/new, tickets/<id> or chat");
  const isLanguage = typeof locale === "string" && (locale === "auto" || languageTag(locale) !== undefined);
  mustBe("locale", isLanguage, 'a language tag such as "sl", or to "auto"');
  mustBe("queueMinutes", /^\d{1,3}$/.test(String(queueMinutes)), 'a number of minutes, such as "10"');
  for (const name of ["endpoint", "tokenUrl"] as const) {
    const isAddress = /^https?:/.test(addressOf(given[name], base));
    mustBe(name, isAddress, 'an http(s) address, such as "https://help.example.org/podpora"');
  }
  if (!options.adapter && !options.endpoint) {
    mistakes.push(
      '"endpoint" is missing; set data-podpora-endpoint on the script tag, or "endpoint" in the options, to your gateway\'s address, such as "https://help.example.org/podpora".',
    );
  }
  return mistakes;
}

/** Absolute; "" where it is none. */
const addressOf = (value: unknown, base: string): string =>
  typeof value === "string" && URL.canParse(value, base) ? new URL(value, base).href : "";
