import { readFile } from "node:fs/promises";
import { type Signal, signal } from "@preact/signals-core";
import userEvent from "@testing-library/user-event";
import { onTestFinished, vi } from "vitest";
import type { Adapter, TicketContext } from "../../src/core/contract/adapter.ts";
import { ChatModel } from "../../src/core/chat/chat.ts";
import { parseRoute } from "../../src/core/routes.ts";
import { memoryStorage, type Storage } from "../../src/core/delivery/storage.ts";
import type { SiteIdentity } from "../../src/core/identity/site-identity.ts";
import { WidgetModel } from "../../src/core/widget.ts";
import { createI18n, languageName } from "../../src/i18n/index.ts";
import { createFrame } from "../../src/loader/frame.ts";
import type { Ui } from "../../src/ui/context.ts";
import { screens } from "../../src/ui/screens.ts";
import { Panel } from "../../src/ui/Panel.tsx";
import { overGateway } from "./gateway-in-process.ts";
import { renderInShadow } from "./renderInShadow.tsx";
import { anasDesk, bench } from "./scope.ts";

/** The suites run twice: with a desk in memory, and with one behind a real gateway. */
export const isOverGateway = process.env["BACKEND"] === "gateway";

interface Opening {
  readonly adapter?: Adapter;
  readonly locale?: string;
  /** As for `Podpora.open()`. */
  readonly route?: string;
  readonly storage?: Storage;
  /** As the site says it. */
  readonly identity?: SiteIdentity;
  readonly view?: Ui["view"];
  /** Opens it in a hidden tab. */
  readonly hidden?: boolean;
  readonly openChatPage?: () => Promise<boolean>;
  readonly pictures?: Partial<Ui["pictures"]>;
  readonly ticketLanguage?: Ui["ticketLanguage"];
  readonly translation?: Ui["translation"];
  /** The consent that the browser has stored. */
  readonly given?: Signal<string | undefined>;
  readonly signInUrl?: string;
  /** The page's context. */
  readonly context?: TicketContext;
}

/** The whole widget with real models, open in a shadow root; removed after the test. */
export async function openWidget(opening: Opening = {}) {
  const {
    adapter: desk = anasDesk(),
    locale = "sl",
    route = "tickets",
    storage = memoryStorage(),
    view = "widget",
  } = opening;
  const adapter = isOverGateway && !desk.session ? await overGateway(desk) : desk;
  const { platform } = bench(adapter, storage);
  platform.visible.value = !opening.hidden;
  const i18n = await createI18n(locale, { languages: ["ar", "de", "en", "sl"], load: fromFile });
  const heard: { name: string; data: unknown }[] = [];
  const start = parseRoute(route);
  if (!start) throw new Error(`"${route}" is no route`);
  const { openChatPage = async () => true, ticketLanguage = "prefix" } = opening;
  const ticketTexts = {
    language: ticketLanguage,
    languageName,
    question: (step: "did" | "happened" | "expected") => i18n.t(`form.${step}`),
  };
  const widget = new WidgetModel({
    platform: { ...platform, now: () => Date.now(), context: () => opening.context, locale: i18n.locale, ticketTexts },
    route: start,
    identity: opening.identity,
    emit: (name, data) => heard.push({ name, data }),
    loadChat: async () => ChatModel,
  });
  const nothing = async () => undefined;
  const { given = signal<string | undefined>(undefined) } = opening;
  const more = {
    alerts: { wanted: signal(false), want: nothing },
    consent: { given, give: (words: string) => void (given.value = words) },
    translation: opening.translation,
    queueMs: 600_000,
    inOwnTab: signal(false),
    closeChatPage: () => undefined,
  };
  const pictures = {
    canCapture: false,
    prepare: () => undefined,
    capture: nothing,
    edit: nothing,
    view: nothing,
    ...opening.pictures,
  };
  const { element: frame } = createFrame({ open: "Pomoč", close: "", retry: "", failed: "" }, view, {
    close: () => widget.hide(),
    retry: () => undefined,
  });
  const setLocale = (language: string) => void i18n.setLocale(language);
  const drawn = renderInShadow(
    <Panel
      ui={{
        widget,
        i18n,
        view,
        frame,
        ticketLanguage,
        signInUrl: opening.signInUrl,
        pictures,
        later: { screens: signal(screens), failed: signal(undefined), load: () => undefined },
        ...more,
        openChatPage,
        setLocale,
      }}
    />,
    frame,
  );
  onTestFinished(() => {
    widget[Symbol.dispose]();
  });
  widget.show();
  // As the page does when the member opens the panel.
  frame.hidden = false;
  if (view === "widget") frame.focus();
  await vi.waitUntil(() => widget.session.state.value.status !== "connecting");
  return { ...drawn, user: userEvent.setup(), widget, i18n, heard, platform, storage };
}

async function fromFile(language: string): Promise<object> {
  const texts: object = JSON.parse(await readFile(`locales/${language}.json`, "utf8"));
  return texts;
}
