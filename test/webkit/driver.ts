import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { freePort } from "../support/free-ports.ts";
import { Builder, type WebDriver } from "selenium-webdriver";

const miniBrowser = process.env["MINIBROWSER_BIN"] ?? "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser";
const webDriver = "/usr/bin/WebKitWebDriver";
const xServer = "/usr/bin/Xvfb";

/** Debian's packages `webkit2gtk-driver` and `xvfb`. */
export const isInstalled = [miniBrowser, webDriver, xServer].every((path) => existsSync(path));

export interface WebKit {
  readonly driver: WebDriver;
  stop(): Promise<void>;
}

/** WebKitGTK on a screen of its own. Playwright can't drive it, so that this speaks W3C WebDriver. */
export async function startWebKit(): Promise<WebKit> {
  const started: ChildProcess[] = [];
  const x = spawn(xServer, ["-displayfd", "3", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  started.push(x);
  const [display] = await once(x.stdio[3]!, "data");
  const port = await freePort();
  // In this locale the browser's language is "C", which is no language tag.
  const env = { ...process.env, DISPLAY: `:${String(display).trim()}`, LC_ALL: "C.UTF-8" };
  started.push(spawn(webDriver, [`--port=${port}`], { stdio: "ignore", env }));
  const options = { binary: miniBrowser, args: ["--automation"] };
  const driver = await new Builder()
    .usingServer(`http://127.0.0.1:${port}`)
    .withCapabilities({ browserName: "MiniBrowser", "webkitgtk:browserOptions": options })
    .build();
  await driver.manage().setTimeouts({ script: 30_000, pageLoad: 30_000 });
  return {
    driver,
    async stop() {
      await driver.quit().catch(() => undefined);
      for (const one of started.toReversed()) one.kill();
    },
  };
}
