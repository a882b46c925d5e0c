import { html } from "hono/html";
import type { AgentProfile } from "../core/contract/adapter.ts";

const DEFAULT_LOCALE = "en";
const noScript: Readonly<Record<string, string>> = {
  en: "This page needs JavaScript.",
  sl: "Ta stran potrebuje JavaScript.",
};

/** Allows nothing inline, nothing from other origins except the agents' pictures, and no string as markup or script. */
export const chatPagePolicy = (agents: readonly AgentProfile[] = []): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `connect-src ${["'self'", ...pictureOrigins(agents)].join(" ")}`,
    "img-src 'self' blob:",
    "style-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");

const pictureOrigins = (agents: readonly AgentProfile[]): readonly string[] => [
  ...new Set(agents.flatMap(({ picture }) => (picture === undefined ? [] : [new URL(picture).origin]))),
];

/** The page around the full-size chat. `wanted` is the language in its URL. */
export async function chatPage(team: string | undefined, wanted: string | undefined): Promise<string> {
  const locale =
    wanted !== undefined && /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/.test(wanted) ? wanted : DEFAULT_LOCALE;
  const notice = noScript[locale.slice(0, 2).toLowerCase()] ?? noScript[DEFAULT_LOCALE];
  const page = await html`<!doctype html>
    <html lang="${locale}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content" />
        <meta name="robots" content="noindex" />
        <title>${team ?? "Podpora"}</title>
        <script async src="podpora.js" data-podpora-view="page" data-podpora-route="chat"></script>
      </head>
      <body>
        <noscript>${notice}</noscript>
      </body>
    </html>`;
  return page.toString();
}
