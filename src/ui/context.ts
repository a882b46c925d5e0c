import type { ReadonlySignal } from "@preact/signals";
import { type ComponentType, createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Ticket } from "../core/contract/adapter.ts";
import type { WidgetModel } from "../core/widget.ts";
import type { I18n } from "../i18n/index.ts";

export type Widget = InstanceType<typeof WidgetModel>;

/** What components share: the models, the texts, and what only the host page can do. */
export interface Ui {
  readonly widget: Widget;
  readonly i18n: I18n;
  /** A panel over the host page (`widget`), a tab of its own (`page`), or an element of the host page (`inline`). */
  readonly view: "widget" | "page" | "inline";
  /** The dialog element (loader/frame.ts) that the components render into. */
  readonly frame: HTMLElement;
  /** Where a new ticket states the member's language. */
  readonly ticketLanguage: "prefix" | "field" | "off";
  /** The site's own sign-in page. */
  readonly signInUrl: string | undefined;
  readonly pictures: PictureTools;
  readonly later: LaterScreens;
  readonly alerts: AlertTools;
  readonly consent: ConsentTools;
  /** Undefined if the browser has no translation. */
  readonly translation: TranslationTools | undefined;
  /** Time in the queue after which a ticket is offered, in milliseconds. */
  readonly queueMs: number;
  /** Opens the chat page in a new tab; false if the browser blocked it. */
  openChatPage(): Promise<boolean>;
  /** True while the chat page that this page opened is open. */
  readonly inOwnTab: ReadonlySignal<boolean>;
  /** Closes the chat page; the chat continues here. */
  closeChatPage(): void;
  setLocale(language: string): void;
}

export interface Screens {
  readonly ChatTab: ComponentType;
  readonly Submitted: ComponentType<{ readonly ticket: Ticket; readonly canList: boolean }>;
  readonly TicketForm: ComponentType<{ readonly tickets: Tickets }>;
  readonly TicketThread: ComponentType<{ readonly tickets: Tickets; readonly id: string }>;
}
type Tickets = NonNullable<Widget["tickets"]["value"]>;

/** The screens whose chunk is loaded after the first screen. */
export interface LaterScreens {
  readonly screens: ReadonlySignal<Screens | undefined>;
  /** `outdated`: the site has deployed a newer widget, so this page's chunk no longer exists. */
  readonly failed: ReadonlySignal<"network" | "outdated" | undefined>;
  /** Loads them; also after a failure. Further calls do nothing. */
  load(): void;
}

/** The last consent: who gave it, and the site's wording at that time. */
export interface ConsentTools {
  readonly given: ReadonlySignal<string | undefined>;
  give(agreement: string): void;
}

/** Translation on the member's device. */
export interface TranslationTools {
  /** Whether the browser can detect languages and has, or can download, a model for this pair. */
  canTranslate(from: string, to: string): Promise<boolean>;
  /** `from` is the detected language; if it equals `to`, `text` is returned unchanged. Rejects if the browser fails. */
  translate(text: string, to: string): Promise<{ readonly text: string; readonly from: string }>;
}

export interface AlertTools {
  readonly wanted: ReadonlySignal<boolean>;
  want(wanted: boolean): Promise<void>;
}

/** Loaded on first use; each call rejects if that fails. */
export interface PictureTools {
  readonly canCapture: boolean;
  /** Starts loading: the member is about to use one of the tools. */
  prepare(): void;
  /** Undefined if the member cancels. */
  capture(): Promise<File | undefined>;
  /** The same file if nothing was drawn. Undefined if the member cancels. */
  edit(picture: File): Promise<File | undefined>;
  view(pictures: readonly ViewedPicture[], start: number): Promise<void>;
}

export interface ViewedPicture {
  readonly name: string;
  load(): Promise<Blob | undefined>;
}

export const UiContext = createContext<Ui | undefined>(undefined);

export function useUi(): Ui {
  const ui = useContext(UiContext);
  if (!ui) throw new Error("a component of the widget was drawn outside <Panel>");
  return ui;
}

export function useT(): I18n["t"] {
  return useUi().i18n.t;
}
