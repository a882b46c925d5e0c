import type { Adapter } from "./contract/adapter.ts";
import { toJson } from "./contract/json.ts";
import { parseRoute } from "./routes.ts";
import { languageTag } from "./contract/language-tag.ts";

/**
 * The settings of a widget: of `createPodpora()`, of `Podpora("init", …)`, or as `data-podpora-*` attributes of the script tag.
 * Numbers and switches may be given as text, as attributes are.
 */
export interface Options {
  /** The gateway's address. @default the address that podpora.js was loaded from */
  readonly endpoint?: string;
  /** An adapter that runs in the page, instead of `endpoint`. Only for a desk with a public visitor API. */
  readonly adapter?: Adapter | (() => Adapter | Promise<Adapter>);
  /**
   * An address of the site that returns a signed token as plain text. It is called with the page's cookies.
   * See [Sign members in](sign-in.md).
   */
  readonly tokenUrl?: string;
  /** The site's own sign-in page. A member who has to sign in gets a button that leads there. */
  readonly signInUrl?: string;
  /** A language tag such as "sl", or "auto": the page's language, or else the browser's. @default "auto" */
  readonly locale?: string;
  /**
   * The site's own wording, by language and key: `{ en: { "tickets.tab": "Orders help" } }`. The keys are those of
   * [locales/en.json](../locales/en.json), with their group in front.
   */
  readonly texts?: Texts;
  /** "auto" follows the member's system. @default "auto" */
  readonly theme?: "auto" | "light" | "dark";
  /** The corner of the launcher, in the direction of writing. @default "end" */
  readonly position?: "start" | "end";
  /**
   * "widget": a launcher and a panel over the page. "page": the panel fills the window. "inline": the panel fills its parent
   * element. @default "widget"
   */
  readonly view?: "widget" | "page" | "inline";
  /** The first screen: "tickets", "tickets/new", "tickets/<id>" or "chat". @default "tickets" */
  readonly route?: string;
  /**
   * How a new issue carries the member's language: in front of the title ("Slovenščina - Naročila ni mogoče oddati"), as a
   * field, or not at all. @default "prefix"
   */
  readonly ticketLanguage?: "prefix" | "field" | "off";
  /** Adds the page, browser and screen to a new issue. The member sees them and can remove each. @default true */
  readonly pageContext?: boolean | "on" | "off";
  /** The version of the site's own software. Agents see it. */
  readonly appVersion?: string;
  /** Shows in the page's title how many items wait for the member: "(2) My page". @default false */
  readonly titleCount?: boolean | "on" | "off";
  /**
   * When the rest of the widget is fetched. "intent": when the pointer, a finger or the focus reaches the launcher. "idle": when the
   * page is idle. "off": at the click. No request goes to the gateway's API, and nothing is stored. @default "intent"
   */
  readonly preload?: "intent" | "idle" | "off";
  /** After this many minutes in the chat's queue the widget offers to submit an issue instead. @default 10 */
  readonly queueMinutes?: number | string;
}

/** By language tag, then by key, such as "tickets.tab". */
export type Texts = Readonly<Record<string, Readonly<Record<string, string>>>>;

function isTexts(value: unknown): value is Texts {
  const isRecord = (one: unknown): one is object => typeof one === "object" && one !== null && !Array.isArray(one);
  if (!isRecord(value)) return false;
  return Object.values(value).every(
    (one) => isRecord(one) && Object.values(one).every((text) => typeof text === "string"),
  );
}

/** Whether a switch is on: `true`, or "on" from an attribute. */
export const isOn = (value: boolean | "on" | "off" | undefined, byDefault: boolean): boolean =>
  value === undefined ? byDefault : value === true || value === "on";

/** An option is wrong. The message names the option and the fix. */
export class OptionsError extends Error {
  override readonly name = "OptionsError";
}

const choices = {
  theme: ["auto", "light", "dark"],
  position: ["start", "end"],
  view: ["widget", "page", "inline"],
  ticketLanguage: ["prefix", "field", "off"],
  pageContext: ["on", "off", true, false],
  titleCount: ["on", "off", true, false],
  preload: ["intent", "idle", "off"],
} as const;

/** @throws {OptionsError} for the first option that is wrong, before anything is shown. */
export function checkOptions(options: Options, base: string): void {
  const [mistake] = optionMistakes(options, base);
  if (mistake) throw new OptionsError(mistake);
}

/** A message for each wrong option: it names the option and the fix. Relative addresses are resolved against `base`. */
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
  mustBe(
    "texts",
    isTexts(given["texts"]),
    'texts by language and key, such as { en: { "tickets.tab": "Orders help" } }',
  );
  mustBe("queueMinutes", isMinutes(queueMinutes), 'a number of minutes, such as "10"');
  for (const name of ["endpoint", "tokenUrl", "signInUrl"] as const) {
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

const isMinutes = (value: unknown) =>
  (typeof value === "number" || typeof value === "string") && /^\d{1,3}$/.test(String(value));

/** Absolute; "" if it is none. */
const addressOf = (value: unknown, base: string): string =>
  typeof value === "string" && URL.canParse(value, base) ? new URL(value, base).href : "";
