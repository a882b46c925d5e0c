import "@preact/signals";
import { effect, untracked } from "@preact/signals-core";
import { render } from "preact";
import type { Options } from "../core/options.ts";
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
import { delay } from "../core/delivery/delay.ts";
import { version } from "../version.ts";
import { adoptStyles } from "./adopt-styles.ts";
import { createAttributes } from "./api/attributes.ts";
import { takeCalls } from "./api/calls.ts";
import { createEmitter } from "./api/emitter.ts";
import { createLiveOptions } from "./api/live-options.ts";
import { createConnector } from "./connector.ts";
import { drawWhenKnown } from "./draw-when-known.ts";
import { followWidget } from "./follow-widget.ts";
import { chooseLanguage, startI18n, updateLanguage } from "./language.ts";
import { laterScreens } from "./loading/later-screens.ts";
import { lazyPictures } from "./loading/pictures.ts";
import { createAlerts } from "./page/alerts.ts";
import { canCapture } from "./page/can-capture.ts";
import { followChatNews } from "./page/chat-alerts.ts";
import { createChatPage } from "./page/chat-page.ts";
import { createConsent } from "./page/consent.ts";
import { keepPlace } from "./page/keep-place.ts";
import { keepEventsInside } from "./page/own-events.ts";
import { watchHistory } from "./page/panel-history.ts";
import { builtInTranslation } from "./page/translate.ts";
import { createPlatform } from "./platform.ts";
import { finishSignOut, onSignOutElsewhere } from "./sign-out.ts";
import { browserStorage } from "./storage/browser-storage.ts";

/** If the storage is slow to identify the member, the rest is set up anyway. */
const askMs = 100;

/** Everything behind the launcher. Undefined if the widget was destroyed while it was loaded. */
export async function startApp(page: WidgetPage, catalog: Catalog): Promise<App | undefined> {
  const { element, root, frame, view, endpoint, signal: life } = page;
  const live = createLiveOptions(page);
  const options = live.current;
  const storage = browserStorage(storageName(endpoint, view));
  storage.open();
  const revoked = await finishSignOut(storage);
  const i18n = await startI18n(options, catalog).catch((error: unknown) => {
    live.putBack();
    storage.close();
    throw error;
  });
  if (life.aborted) {
    storage.close();
    return undefined;
  }
  const emitter = createEmitter();
  const { emit } = emitter;
  const attributes = createAttributes();
  /** Calls of `identify` that have not ended: they settle what was set after them. */
  let identifying = 0;
  const said = takeCalls(page, emitter, attributes);
  const later = laterScreens(root);
  const connector = createConnector(page, storage);
  const pictures = lazyPictures(page, i18n, life);
  const platform = createPlatform({
    page,
    options,
    attributes: attributes.current,
    storage,
    i18n,
    pictures,
    connector,
  });
  const home = routeOf(page.options.route) ?? { tab: "tickets", view: "list" };
  const widget = new WidgetModel({
    platform,
    route: routeOf(page.route) ?? home,
    home,
    identity: said.identity,
    emit,
    loadChat: async () => (await later.fetch()).ChatModel,
  });
  // The gateway answers while the rest is set up.
  if (page.isOpen()) {
    const wanted = page.wanted() ?? page.route ?? page.options.route ?? "tickets";
    if (wanted !== "tickets") later.load();
    void widget.session.connect();
    await Promise.race([connector.asked, delay(askMs, life)]).catch(() => undefined);
  }
  if (life.aborted) {
    widget[Symbol.dispose]();
    connector.dispose();
    storage.close();
    return undefined;
  }
  widget.prefill(textsOf(said.prefill));
  if (revoked) void widget.session.revoke(revoked);
  const signOut = async () => {
    attributes.clear();
    await widget.signOut();
    rememberFor("signOut", undefined);
  };
  onSignOutElsewhere(() => void signOut(), life);

  const alerts = createAlerts(storage);
  const consent = createConsent(storage);
  const chatPage = createChatPage(widget, i18n);
  const place = keepPlace(root);
  element.addEventListener("attach", () => place.restore(), { signal: life });
  keepEventsInside(element);
  const ui: Ui = {
    widget,
    i18n,
    view,
    frame,
    get ticketLanguage() {
      return options.value.ticketLanguage ?? "prefix";
    },
    get signInUrl() {
      return options.value.signInUrl;
    },
    // The widget is a page of its own: no host page is visible.
    pictures: { ...pictures, canCapture: view !== "page" && canCapture() },
    later,
    setLocale: (wanted) => void chooseLanguage(i18n, wanted),
    alerts,
    consent,
    translation: builtInTranslation(life),
    get queueMs() {
      return minutesOf(options.value.queueMinutes) * 60_000;
    },
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
  const errors = new Map<string, number>();
  emitter.on("error", ({ data: { code } }) => void errors.set(code, (errors.get(code) ?? 0) + 1));
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
    consent.stop,
    history.stop,
    followChatNews(widget, alerts, i18n),
    effect(() => {
      const name = widget.session.person.value?.name;
      const isKnown = name?.startsWith("member:") === true || widget.session.state.value.status === "ready";
      if (name !== undefined && isKnown && identifying === 0) untracked(() => attributes.settle(name));
    }),
    ...followWidget(page, options, widget, i18n, emit),
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
      // At once: a moment later it could overwrite the member's navigation.
      frame.hidden = false;
      if (!wasOpen && view === "widget") frame.focus();
    },
    close: () => widget.hide(),
    navigate: async (route) => navigate(route),
    async identify(next) {
      const isLast = attributes.identify(next);
      identifying += 1;
      try {
        await widget.session.identify(next);
      } finally {
        identifying -= 1;
        const name = widget.session.person.peek()?.name;
        if (isLast() && name !== undefined) attributes.settle(name);
      }
    },
    logout: signOut,
    prefill: async (words) => widget.prefill(textsOf(words)),
    set: async (given) => attributes.set(given),
    async update(changes) {
      const before = options.peek();
      if (live.change(changes)) await updateLanguage(i18n, before, options.peek());
    },
    info: () => ({
      version,
      open: widget.open.peek(),
      route: formatRoute(widget.route.peek()),
      locale: i18n.locale.peek(),
      signedIn: isMember(widget),
    }),
    inspect: () => ({ widget, storage, options: options.peek(), errors }),
    popped: history.popped,
    connect: () => void widget.session.connect(),
    stop() {
      for (const stop of stops.splice(0).toReversed()) stop();
    },
  };

  // The open frame is filled at once, and keeps its focus.
  function draw() {
    const hadFocus = frame.contains(root.activeElement);
    frame.replaceChildren();
    render(<Panel ui={ui} />, frame);
    if (hadFocus) frame.focus();
  }
  adoptStyles(root, styles);
  if (page.isOpen()) {
    navigate(page.wanted());
    widget.show();
  } else history.closed();
  stops.push(drawWhenKnown(widget, draw));
  return app;
}

function routeOf(text: unknown): Route | undefined {
  const route = typeof text === "string" ? parseRoute(text) : undefined;
  if (text !== undefined && !route) {
    warn(`route ${toJson(text)} is not known; use tickets, tickets/new, tickets/<id> or chat.`);
  }
  return route;
}

/** Numbers, such as an order number, become text; anything else is reported to the site's developer. */
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

/** An invalid number of minutes is reported to the site's developer, and the default is used. */
const minutesOf = (value: Options["queueMinutes"]) => (/^\d{1,3}$/.test(String(value)) ? Number(value) : 10);
