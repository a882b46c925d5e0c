import type { ReadonlySignal } from "@preact/signals";
import { type ComponentType, createContext } from "preact";
import { useContext } from "preact/hooks";
import type { WidgetModel } from "../core/widget.ts";
import type { I18n } from "../i18n/index.ts";

export type Widget = InstanceType<typeof WidgetModel>;

/** What every component reaches for: the models, the texts, and the little that only the page can do. */
export interface Ui {
  readonly widget: Widget;
  readonly i18n: I18n;
  /** A panel above the site's page (`widget`), a window of its own (`page`), or a part of the site's page (`inline`). */
  readonly view: "widget" | "page" | "inline";
  /** The panel's outside (loader/frame.ts): the dialog that the components fill. */
  readonly frame: HTMLElement;
  /** Where the member's language goes when a ticket is made. */
  readonly ticketLanguage: "prefix" | "field" | "off";
  readonly pictures: PictureTools;
  /** The chat's screen, once its part of the widget is here. */
  readonly chatTab: ReadonlySignal<ComponentType | undefined>;
  readonly alerts: AlertTools;
  /** After so long in the queue a ticket is offered. */
  readonly queueMs: number;
  /** Opens the chat page in a new tab; false when the browser did not let it. */
  openChatPage(): Promise<boolean>;
  /** The chat page that this page has opened is still there. */
  readonly inOwnTab: ReadonlySignal<boolean>;
  /** Closes it: the chat goes on here. */
  closeChatPage(): void;
  setLocale(language: string): void;
}

export interface AlertTools {
  readonly wanted: ReadonlySignal<boolean>;
  want(wanted: boolean): Promise<void>;
}

/** What is fetched when it is first used. Each rejects when that fails. */
export interface PictureTools {
  readonly canCapture: boolean;
  /** The member is about to use one of them. */
  prepare(): void;
  /** Undefined: the member changed their mind. */
  capture(): Promise<File | undefined>;
  /** The same file where nothing was marked. Undefined: the member changed their mind. */
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
