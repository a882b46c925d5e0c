import type { BrowserContextOptions, Locator, Page } from "playwright";
import type { Demo } from "../../demo/server.ts";

export interface Look extends Pick<BrowserContextOptions, "forcedColors" | "hasTouch" | "isMobile"> {
  readonly name: string;
  readonly colorScheme: "light" | "dark";
  readonly viewport: { readonly width: number; readonly height: number };
}

export interface Stage {
  readonly demo: Demo;
  /** Opens a page in a separate browser context. */
  readonly visit: (path?: string) => Promise<Page>;
  /** Opens the agent's page, signed in, which opens the chat. */
  readonly agent: () => Promise<Page>;
  readonly shot: (scene: string, of: Page | Locator) => Promise<void>;
}

export type Scene = (stage: Stage) => Promise<void>;
