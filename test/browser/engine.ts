import { existsSync } from "node:fs";
import { type Browser, chromium, firefox } from "playwright";
import { findChromium } from "./chromium.ts";

/** `ENGINE=firefox npx vitest run --project browser` runs the suite in Firefox. */
export const isFirefox = process.env["ENGINE"] === "firefox";

/** The browser's path. Chromium is installed if it is missing; Firefox must be installed. */
export function findBrowser(): string {
  if (!isFirefox) return findChromium();
  const path = process.env["FIREFOX_BIN"] ?? "/usr/bin/firefox-esr";
  if (!existsSync(path)) throw new Error(`No Firefox at ${path}. Install firefox-esr, or set FIREFOX_BIN to it.`);
  return path;
}

const chromiumArgs = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-background-networking",
  // Nobody can answer the capture prompt.
  "--auto-accept-this-tab-capture",
];

/** Headless Firefox reports no pointer, which disables features that need one. 6 is a mouse. */
const firefoxUserPrefs = { "ui.primaryPointerCapabilities": 6, "ui.allPointerCapabilities": 6 };

export async function launch(executablePath: string): Promise<Browser> {
  return isFirefox
    ? // Playwright controls an unpatched Firefox through WebDriver BiDi.
      await firefox.launch({ channel: "moz-firefox", executablePath, firefoxUserPrefs })
    : await chromium.launch({ executablePath, args: chromiumArgs });
}
