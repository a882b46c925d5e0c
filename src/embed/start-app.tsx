import { signal } from "@preact/signals-core";
import "@preact/signals";
import { render } from "preact";
import { formatRoute, parseRoute, type Route } from "../core/routes.ts";
import { type Prefill, WidgetModel } from "../core/widget.ts";
import type { Catalog } from "../i18n/catalog.ts";
import type { App, WidgetPage } from "../loader/app.ts";
import { warn } from "../loader/log.ts";
import { rememberFor } from "../loader/remembered.ts";
import { storageName } from "../loader/storage-name.ts";
import { toJson } from "../core/contract/json.ts";
import { isSheet } from "../sheet.ts";
import type { Ui } from "../ui/context.ts";
import { Panel } from "../ui/Panel.tsx";
import { styles } from "../ui/styles/index.ts";
import { version } from "../version.ts";
import { adoptStyles } from "./adopt-styles.ts";
import { takeCalls } from "./api/calls.ts";
import { createEmitter } from "./api/emitter.ts";
import { createConnector } from "./connector.ts";
import { followWidget } from "./follow-widget.ts";
import { chooseLanguage, startI18n } from "./language.ts";
import { loadChat } from "./loading/load-chat.ts";
import { lazyPictures } from "./loading/pictures.ts";
import { createAlerts } from "./page/alerts.ts";
import { canCapture } from "./page/can-capture.ts";
import { followChatNews } from "./page/chat-alerts.ts";
import { createChatPage } from "./page/chat-page.ts";
import { keepPlace } from "./page/keep-place.ts";
import { keepEventsInside } from "./page/own-events.ts";
import { watchHistory } from "./page/panel-history.ts";
import { createPlatform } from "./platform.ts";
import { finishSignOut, onSignOutElsewhere } from "./sign-out.ts";
import { browserStorage } from "./storage/browser-storage.ts";

/** Everything behind the launcher. Undefined when the widget was destroyed while it was read. */
export async function startApp(page: WidgetPage, catalog: Catalog): Promise<App | undefined> {
  const { element, root, frame, options, view, endpoint, signal: life } = page;
  const storage = browserStorage(storageName(endpoint));
  storage.open();
  const revoked = await finishSignOut(storage);
  const i18n = await startI18n(page, catalog).catch((error: unknown) => {
    storage.close();
    throw error;
  });
  if (life.aborted) {
    storage.close();
    return undefined;
  }
  const emitter = createEmitter();
  const { emit } = emitter;
  const said = takeCalls(page, emitter);
  const chatTab = signal<Ui["chatTab"]["value"]>(undefined);
  const connector = createConnector(page, storage);
  const pictures = lazyPictures(page, i18n, life);
  const platform = createPlatform({ page, storage, i18n, pictures, connect: connector.connect });
  const home = routeOf(options.route) ?? { tab: "tickets", view: "list" };
  const widget = new WidgetModel({
    platform,
    route: routeOf(page.route) ?? home,
    home,
    identity: said.identity,
    emit,
    async loadChat() {
      const { ChatModel, ChatTab, styles: more } = await loadChat();
      if (!chatTab.peek()) adoptStyles(root, more);
      chatTab.value = ChatTab;
      return ChatModel;
    },
  });
  widget.prefill(textsOf(said.prefill));
  if (revoked) void widget.session.revoke(revoked);
  const signOut = async () => {
    await widget.signOut();
    rememberFor("signOut", undefined);
  };
  onSignOutElsewhere(() => void signOut(), life);

  const alerts = createAlerts(storage);
  const chatPage = createChatPage(widget, i18n);
  const place = keepPlace(root);
  element.addEventListener("attach", () => place.restore(), { signal: life });
  keepEventsInside(element);
  const ui: Ui = {
    widget,
    i18n,
    view,
    frame,
    ticketLanguage: options.ticketLanguage ?? "prefix",
    // On a page of its own there is nothing behind the widget to be seen.
    pictures: { ...pictures, canCapture: view !== "page" && canCapture() },
    chatTab,
    setLocale: (wanted) => void chooseLanguage(i18n, wanted),
    alerts,
    queueMs: minutesOf(options.queueMinutes) * 60_000,
    openChatPage: () => chatPage.open(),
    inOwnTab: chatPage.inOwnTab,
    closeChatPage: () => chatPage.close(),
  };

  const history = watchHistory(
    {
      open: page.open,
      navigate,
      close: () => widget.hide(),
      state: () => ({ open: widget.open.peek(), route: formatRoute(widget.route.peek()) }),
      isSheet: () => view === "widget" && isSheet(),
    },
    page.link(),
  );
  emitter.on("route", ({ data }) => history.moved(data.route));
  emitter.on("close", history.closed);

  function navigate(text: string | undefined) {
    const to = routeOf(text);
    if (to) widget.navigate(to);
  }

  const stops = [
    storage.close,
    emitter.close,
    () => render(null, frame),
    () => widget[Symbol.dispose](),
    connector.dispose,
    chatPage.stop,
    alerts.stop,
    history.stop,
    followChatNews(widget, alerts, i18n),
    ...followWidget(page, widget, i18n, emit),
  ];

  const app: App = {
    on: emitter.on,
    once: emitter.once,
    off: emitter.off,
    open(route, focus) {
      navigate(route);
      const wasOpen = widget.open.peek();
      widget.show();
      if (!focus) return;
      history.opened();
      // At once: a moment later it may be taken from where the member has gone meanwhile.
      frame.hidden = false;
      if (!wasOpen && view === "widget") frame.focus();
    },
    close: () => widget.hide(),
    navigate: async (route) => navigate(route),
    identify: async (next) => await widget.session.identify(next),
    logout: signOut,
    prefill: async (words) => widget.prefill(textsOf(words)),
    info: () => ({
      version,
      open: widget.open.peek(),
      route: formatRoute(widget.route.peek()),
      locale: i18n.locale.peek(),
      signedIn: isMember(widget),
    }),
    popped: history.popped,
    connect: () => void widget.session.connect(),
    stop() {
      for (const stop of stops.splice(0).toReversed()) stop();
    },
  };

  // The frame that is open already is filled in the same moment, and keeps the focus that it has.
  const hadFocus = frame.contains(root.activeElement);
  adoptStyles(root, styles);
  frame.replaceChildren();
  if (page.isOpen()) {
    navigate(page.wanted());
    widget.show();
  } else history.closed();
  render(<Panel ui={ui} />, frame);
  if (hadFocus) frame.focus();
  return app;
}

function routeOf(text: unknown): Route | undefined {
  const route = typeof text === "string" ? parseRoute(text) : undefined;
  if (text !== undefined && !route) {
    warn(`route ${toJson(text)} is not known; use tickets, tickets/new, tickets/<id> or chat.`);
  }
  return route;
}

/** A number, such as that of an order, is text too; anything else is told to the site's developer. */
function textsOf(words: Prefill): Prefill {
  const texts = Object.entries(words).flatMap(([name, value]: [string, unknown]) => {
    if (typeof value === "string" || typeof value === "number") return [[name, String(value)]];
    if (value !== undefined) warn(`prefill: "${name}" has to be a text.`);
    return [];
  });
  return Object.fromEntries(texts);
}

function isMember(widget: InstanceType<typeof WidgetModel>): boolean {
  const member = widget.session.session.peek()?.member;
  return member !== undefined && !member.guest;
}

/** What is no number of minutes is told to the site's developer, and counts as the default. */
const minutesOf = (text: string | undefined) => (/^\d{1,3}$/.test(String(text)) ? Number(text) : 10);
