import type { Options } from "../core/options.ts";
import type { Storage } from "../core/delivery/storage.ts";
import type { WidgetModel } from "../core/widget.ts";
import type { Podpora } from "./handle.ts";
import type { Launcher } from "./launcher.ts";
import type { Report } from "./report.ts";
import type { Verb } from "./verbs.ts";

/**
 * The files that the loader fetches on demand. Each kind of build has its own: separate files, or parts of one file.
 */
export interface Sources {
  /** Starts to fetch the app and a language's texts, without running them. */
  fetch(language: string, endpoint: string | undefined): void;
  /** Which file runs: the address of the script, as far as the browser says it. */
  readonly name: string;
  app(endpoint: string | undefined): Promise<AppModule>;
  diagnosis(endpoint: string | undefined): Promise<DiagnosisModule>;
}

export interface AppModule {
  /** Undefined if the widget was destroyed while the app started. */
  startApp(page: WidgetPage): Promise<App | undefined>;
}

export interface DiagnosisModule {
  diagnose(subject: DiagnosisSubject): Promise<Report>;
}

/** What `diagnose` examines, whether the app runs or not. */
export interface DiagnosisSubject {
  readonly state: Report["state"];
  /** The last failure to load or start the app. */
  readonly failure: unknown;
  readonly app: App | undefined;
  /** As at the start. */
  readonly options: Options;
  readonly view: NonNullable<Options["view"]>;
  readonly endpoint: string | undefined;
  /** Which file runs. */
  readonly build: string;
  readonly locale: string;
  readonly element: HTMLElement;
  readonly root: ShadowRoot;
  readonly launcher: HTMLElement;
  /** The page's last script errors. */
  readonly errors: readonly string[];
}

/** The inside of the running app, for `diagnose`. */
export interface Inspection {
  readonly widget: InstanceType<typeof WidgetModel>;
  readonly storage: Storage;
  readonly options: Options;
  /** How often each error occurred, by its code. */
  readonly errors: ReadonlyMap<string, number>;
}

/** The data that the loader passes to the app: the widget's element, and the site's calls so far. */
export interface WidgetPage {
  /** The one element in the page. Receives `attach` when it is back in the page, `detach` when the page removes it. */
  readonly element: HTMLElement;
  readonly root: ShadowRoot;
  /** The dialog that the app fills. */
  readonly frame: HTMLElement;
  readonly launcher: Launcher;
  /** As at the start: changes since then are calls of `update`. */
  readonly options: Options;
  readonly view: NonNullable<Options["view"]>;
  /** Absolute, without a trailing slash; undefined if an adapter runs in the page. */
  readonly endpoint: string | undefined;
  /** The queue of the page's calls for the app, which removes them from it. */
  readonly calls: Call[];
  /** Sets the theme and the corner. */
  setLook(options: Options): void;
  /** Whether the panel is open now, still empty, and the requested route. */
  isOpen(): boolean;
  wanted(): string | undefined;
  /** The panel's state on the previous page of the site. */
  readonly route: string | undefined;
  /** A one-time code from the address of the chat page. */
  readonly code: string | undefined;
  /** The page's last script errors. */
  readonly errors: readonly string[];
  /** The link with a hash that opened the panel, if one did. */
  link(): Link | undefined;
  /** The widget is destroyed. */
  readonly signal: AbortSignal;
  /** Opens the panel, as the launcher does. */
  open(route: string): void;
  /** Called when the panel was closed. */
  closed(): void;
}

export type Call = readonly [verb: Verb, args: readonly unknown[]];

export interface Link {
  readonly event: HashChangeEvent | undefined;
  /** The length of the tab's history before it. */
  readonly entries: number;
}

/** The running widget, as the loader calls it. */
export interface App extends Omit<Podpora, "open" | "toggle" | "show" | "hide" | "diagnose" | "destroy"> {
  open(route: string | undefined, focus: boolean): void;
  /** Without the panel: the launcher shows the unread count. */
  connect(): void;
  /**
   * The tab's history moved to another entry. The loader listens, since it was usually loaded before the page's router.
   */
  popped(event: PopStateEvent): void;
  inspect(): Inspection;
  stop(): void;
}
