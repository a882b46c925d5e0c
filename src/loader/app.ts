import type { Options } from "../core/options.ts";
import type { Podpora } from "./handle.ts";
import type { Launcher } from "./launcher.ts";
import type { Verb } from "./verbs.ts";

/** What the loader fetches when it is needed. Each kind of build has its own: files of its own, or parts of one file. */
export interface Sources {
  /** Begins to fetch the app and a language's texts, and runs nothing of them. */
  fetch(language: string, endpoint: string | undefined): void;
  app(endpoint: string | undefined): Promise<AppModule>;
}

export interface AppModule {
  /** Undefined when the widget was destroyed while the app started. */
  startApp(page: WidgetPage): Promise<App | undefined>;
}

/** What the app gets from the loader: the widget's place in the page, and what the site has said so far. */
export interface WidgetPage {
  /** The one element that the page gets. Hears `attach` when it comes back to the page, `detach` when the page takes it away. */
  readonly element: HTMLElement;
  readonly root: ShadowRoot;
  /** The dialog that the app fills. */
  readonly frame: HTMLElement;
  readonly launcher: Launcher;
  readonly options: Options;
  readonly view: NonNullable<Options["view"]>;
  /** Absolute, without a slash at the end; undefined where an adapter runs in the page. */
  readonly endpoint: string | undefined;
  /** The page's calls that wait for the app, which takes them out. */
  readonly calls: Call[];
  /** Whether the panel is open now, with nothing in it yet, and at which route it was asked to open. */
  isOpen(): boolean;
  wanted(): string | undefined;
  /** Where the panel was on the site's page before this one. */
  readonly route: string | undefined;
  /** A one-time code from the address of the chat page. */
  readonly code: string | undefined;
  /** The page's last script errors. */
  readonly errors: readonly string[];
  /** The link by its hash that has opened the panel, when one did. */
  link(): Link | undefined;
  /** The widget is destroyed. */
  readonly signal: AbortSignal;
  /** Opens the panel, as the launcher does. */
  open(route: string): void;
  /** The panel was closed. */
  closed(): void;
}

export type Call = readonly [verb: Verb, args: readonly unknown[]];

export interface Link {
  readonly event: HashChangeEvent | undefined;
  /** How many entries the tab's history had before it. */
  readonly entries: number;
}

/** The widget once it is here, as the loader calls it. */
export interface App extends Omit<Podpora, "open" | "toggle" | "show" | "hide" | "destroy"> {
  open(route: string | undefined, focus: boolean): void;
  /** Without the panel: what waits for the member shows on the launcher. */
  connect(): void;
  /** The tab went to another entry of its history. The loader listens: it was there before the page's router, mostly. */
  popped(event: PopStateEvent): void;
  stop(): void;
}
