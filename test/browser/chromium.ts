import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chromium } from "playwright";

const known = [
  process.env["CHROMIUM_BIN"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  chromium.executablePath(),
];

const find = () => known.find((path) => path && existsSync(path));

/** An installed Chromium or Chrome, Playwright's download, or Debian's package, in this order. */
export function findChromium(): string {
  const installed = find();
  if (installed) return installed;
  const ways: [string, string[]][] = [
    ["npx", ["playwright", "install", "chromium"]],
    ["apt-get", ["update", "-qq"]],
    ["apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-noto-core"]],
  ];
  for (const [command, args] of ways) {
    console.log(`No Chromium found. Trying: ${command} ${args.join(" ")}`);
    try {
      execFileSync(command, args, { stdio: "inherit", timeout: 300_000 });
    } catch {
      continue;
    }
    const path = find();
    if (path) return path;
  }
  throw new Error("No Chromium, and none could be installed. Install Chrome or Chromium, or set CHROMIUM_BIN to it.");
}
