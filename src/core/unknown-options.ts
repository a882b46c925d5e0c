import { likelyName, unknownNames } from "./contract/unknown-names.ts";
import type { Options } from "./options.ts";

/** By type, every option is included. */
const known: Readonly<Record<keyof Options, true>> = {
  endpoint: true,
  adapter: true,
  locale: true,
  texts: true,
  theme: true,
  position: true,
  view: true,
  route: true,
  ticketLanguage: true,
  pageContext: true,
  appVersion: true,
  titleCount: true,
  preload: true,
  queueMinutes: true,
  tokenUrl: true,
  signInUrl: true,
};

const style = (property: string) => `set the CSS property --podpora-${property} on the page instead.`;

/** Other widgets' names for it. */
const otherNames: readonly (readonly [RegExp, string])[] = [
  [/colou?r|accent/i, style("accent")],
  [/font/i, style("font")],
  [/radius/i, style("radius")],
  [/z-?index/i, style("z-index")],
  [/lang/i, 'use "locale".'],
  [/dark|mode|scheme/i, 'use "theme".'],
  [/side|corner|align|placement/i, 'use "position".'],
  [/token|jwt|auth|user|member|identity/i, 'use the command "identify", or "tokenUrl".'],
  [/url|uri|host|server|gateway|api|src/i, 'use "endpoint".'],
  [/version/i, 'use "appVersion".'],
  [/page|tab|screen/i, 'use "route".'],
];

const names = Object.keys(known);

/** A message to the site's developer for each unknown option, with the one that was probably meant. */
export function unknownOptions(options: object): readonly string[] {
  return unknownNames(options, names).map((name) => {
    const advice = adviceFor(name) ?? `use one of ${names.join(", ")}.`;
    return `"${name}" is no option; ${advice}`;
  });
}

function adviceFor(name: string): string | undefined {
  const near = likelyName(name, names);
  return near
    ? `did you mean "${near}" (on the tag: ${attributeOf(near)})?`
    : otherNames.find(([pattern]) => pattern.test(name))?.[1];
}

/** HTML attributes are case-insensitive. */
const attributeOf = (name: string) =>
  `data-podpora-${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
