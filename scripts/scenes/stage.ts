import type { BrowserContextOptions, Locator, Page } from "playwright";
import type { Demo } from "../../demo/server.ts";

export interface Look extends Pick<BrowserContextOptions, "forcedColors" | "hasTouch" | "isMobile"> {
  readonly name: string;
  readonly colorScheme: "light" | "dark";
  readonly viewport: { readonly width: number; readonly height: number };
}

export interface Stage {
  readonly demo: Demo;
  /** A page of a browser of its own. */
  readonly visit: (path?: string) => Promise<Page>;
  /** The agent's page, signed in: chat is open while it is. */
  readonly agent: () => Promise<Page>;
  readonly shot: (scene: string, of: Page | Locator) => Promise<void>;
}

export type Scene = (stage: Stage) => Promise<void>;
