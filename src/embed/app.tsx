import { computed, effect, signal } from "@preact/signals-core";
import "@preact/signals";
import { render } from "preact";
import { connectRest } from "../adapters/rest/index.ts";
import type { Adapter, CallContext } from "../core/contract/adapter.ts";
import type { TokenSource } from "../core/contract/token-source.ts";
import { withDeadline, withDeadlines } from "../core/delivery/deadlines.ts";
import type { SiteIdentity } from "../core/identity/site-identity.ts";
import type { Options } from "../core/options.ts";
import type { Platform } from "../core/platform.ts";
import { formatRoute, type Route } from "../core/routes.ts";
import type { Storage } from "../core/delivery/storage.ts";
import { type Emit, type Prefill, WidgetModel } from "../core/widget.ts";
import { createI18n, type I18n, languageName } from "../i18n/index.ts";
import type { Ui } from "../ui/context.ts";
import { Panel } from "../ui/Panel.tsx";
import { styles } from "../ui/styles/index.ts";
import { canCapture } from "./page/can-capture.ts";
import { createAlerts } from "./page/alerts.ts";
import { followChatNews } from "./page/chat-alerts.ts";
import { createChatPage } from "./page/chat-page.ts";
import { loadChat } from "./loading/load-chat.ts";
import type { Host } from "./page/host.ts";
import type { Launcher } from "./page/launcher.ts";
import { startLanguage } from "./page/locale.ts";
import { warn } from "./page/log.ts";
import { pageContext } from "./page/page-context.ts";
import { createTitleCount } from "./page/page-title.ts";
import { watchVisible } from "./page/watch-visible.ts";
import { lazyPictures } from "./loading/pictures.ts";
import { remember, rememberLanguage, rememberToFollow } from "./storage/remembered.ts";
import { uploadUrls } from "./storage/upload-urls.ts";

export interface AppParts {
  readonly host: Host;
  readonly launcher: Launcher;
  readonly options: Options;
  readonly endpoint: string | undefined;
  readonly storage: Storage;
  /** How the site says who its member is, as it is at the moment of the call. */
  identity(): SiteIdentity | undefined;
  /** What the site has filled in before there was a form. */
  prefill(): Prefill;
  /** A one-time code from the address of the chat page. */
  readonly code: string | undefined;
  readonly route: Route;
  /** Where the next person begins. */
  readonly home: Route;
  loadTexts(language: string): Promise<object>;
  /** The page's last script errors. */
  readonly errors: readonly string[];
  readonly emit: Emit;
  /** The widget is gone: what is under way comes to nothing. */
  readonly signal: AbortSignal;
  /** The panel was closed: the focus goes back to where it came from. */
  onClose(): void;
}

export interface App {
  readonly widget: InstanceType<typeof WidgetModel>;
  readonly i18n: I18n;
  route(): string;
  signedIn(): boolean;
  /** Whether the panel takes the focus when it shows: not when the last page's panel comes back by itself. */
  takeFocus(take: boolean): void;
  stop(): void;
}

/** Under it the storage keeps the language that the member chose. */
const languageKey = "language";
/** A storage that hangs keeps nobody from help. */
const languageMs = 1_000;

/** Everything behind the launcher: evaluated at the first open. Undefined when the widget went while it was read. */
export async function startApp(parts: AppParts): Promise<App | undefined> {
  const { host, options, storage, endpoint, emit } = parts;
  const view = options.view ?? "widget";
  const chosen = await withDeadline(languageMs, parts.signal, () => storage.get(languageKey)).catch(() => undefined);
  const language = startLanguage(options, chosen);
  rememberLanguage(language === chosen ? chosen : undefined);
  const i18n = await createI18n(language, parts.loadTexts);
  if (parts.signal.aborted) return undefined;
  const online = watchOnline();
  const visible = watchVisible(host);
  const chatTab = signal<Ui["chatTab"]["value"]>(undefined);
  const takesFocus = signal(true);
  const connector = createConnector(parts);
  const platform: Platform = {
    storage,
    locale: i18n.locale,
    online: computed(() => online.value.value),
    visible: visible.value,
    random: Math.random,
    now: Date.now,
    clean: (file) => pictures.clean(file),
    context: () => (options.pageContext === "off" ? undefined : pageContext(options.appVersion, parts.errors)),
    ticketTexts: {
      language: options.ticketLanguage ?? "prefix",
      languageName,
      question: (step) => i18n.t(`form.${step}`),
    },
    connect: connector.connect,
    warn,
  };
  const pictures = lazyPictures(host, endpoint, i18n, parts.signal);
  const widget = new WidgetModel({
    platform,
    route: parts.route,
    home: parts.home,
    identity: parts.identity(),
    emit,
    async loadChat() {
      const { ChatModel, ChatTab, styles: more } = await loadChat();
      if (!chatTab.peek()) host.adoptStyles(more);
      chatTab.value = ChatTab;
      return ChatModel;
    },
  });
  widget.prefill(parts.prefill());

  const alerts = createAlerts(storage);
  const chatPage = createChatPage(widget, i18n);

  host.adoptStyles(styles);
  const container = document.createElement("div");
  host.root.prepend(container);
  const setLocale = async (wanted: string) => {
    try {
      await i18n.setLocale(wanted);
    } catch (error) {
      return warn(`locales/${wanted}.json could not be read`, error);
    }
    // Another choice may have come meanwhile.
    if (i18n.locale.peek() !== wanted) return;
    rememberLanguage(wanted);
    await storage.set(languageKey, wanted).catch(() => undefined);
  };
  const ui: Ui = {
    widget,
    i18n,
    view,
    takesFocus,
    ticketLanguage: options.ticketLanguage ?? "prefix",
    // On a page of its own there is nothing behind the widget to be seen.
    pictures: { ...pictures, canCapture: view === "widget" && canCapture() },
    chatTab,
    setLocale: (wanted) => void setLocale(wanted),
    alerts,
    queueMs: Number(options.queueMinutes ?? 10) * 60_000,
    openChatPage: () => chatPage.open(),
    inOwnTab: chatPage.inOwnTab,
    closeChatPage: () => chatPage.close(),
  };
  render(<Panel ui={ui} />, container);

  const stops = [
    () => render(null, container),
    () => container.remove(),
    () => widget[Symbol.dispose](),
    connector.dispose,
    online.stop,
    visible.stop,
    chatPage.stop,
    alerts.stop,
    followChatNews(widget, alerts, i18n),
    ...followWidget(parts, widget, i18n),
  ];

  return {
    widget,
    i18n,
    route: () => formatRoute(widget.route.peek()),
    signedIn: () => isMember(widget),
    takeFocus(take) {
      takesFocus.value = take;
    },
    stop: () => {
      for (const stop of stops.splice(0).toReversed()) stop();
    },
  };
}

function isMember(widget: App["widget"]): boolean {
  const member = widget.session.session.peek()?.member;
  return member !== undefined && !member.guest;
}

/** What the rest of the page sees of the models: the launcher, the events, the next page of the site. */
function followWidget({ launcher, emit, options, onClose }: AppParts, widget: App["widget"], { t }: I18n) {
  let wasOpen = false;
  const title = options.titleCount === "on" ? createTitleCount() : undefined;
  return [
    effect(() => {
      const waiting = widget.waiting.value;
      const open = widget.open.value;
      const label = waiting ? t("launcher.waiting", { count: waiting }) : t("start.open");
      launcher.update({ label: open ? t("launcher.close") : label, open, waiting });
    }),
    effect(() => title?.show(widget.waiting.value)),
    () => title?.stop(),
    effect(() => {
      const open = widget.open.value;
      if (wasOpen && !open) onClose();
      wasOpen = open;
    }),
    effect(() => {
      const status = widget.chat.value?.conversation.value?.status;
      const live = status === "queued" || status === "active";
      if (options.view !== "page") remember({ open: widget.open.value, route: formatRoute(widget.route.value), live });
    }),
    effect(() => {
      // What waits for a member who is signed in is known without a look at the panel, here and on the site's next pages.
      const session = widget.session.session.value;
      if (!session) return;
      const { member, access } = session;
      const follow = member !== undefined && !member.guest && access.tickets.allowed;
      if (options.view !== "page") rememberToFollow(follow);
      if (follow) widget.tickets.value?.follow();
    }),
    effect(() => emit("unread", { count: widget.waiting.value })),
    effect(() => {
      const state = widget.session.state.value;
      if (state.status === "failed") emit("error", { code: state.code });
    }),
  ];
}

/** The longest that a call of an adapter in the page may take. */
const inPageMs = 30_000;

/** An adapter that runs in the page is made once; the gateway is asked anew for each person. */
function createConnector({ options: { adapter }, endpoint = "", storage, code }: AppParts) {
  let own: Promise<Adapter> | undefined;
  return {
    async connect(ctx: CallContext, token: TokenSource): Promise<Adapter> {
      if (!adapter) {
        return await connectRest({ endpoint, token, uploads: uploadUrls(storage), ...(code && { code }) }, ctx);
      }
      own ??= Promise.resolve(typeof adapter === "function" ? adapter() : adapter).then((made) =>
        withDeadlines(made, inPageMs),
      );
      own.catch(() => (own = undefined));
      return await own;
    },
    /** Also of an adapter that is made only when the widget has gone. */
    dispose: () => void own?.then((made) => made.dispose?.()).catch(() => undefined),
  };
}

function watchOnline() {
  const value = signal(navigator.onLine);
  const listener = () => (value.value = navigator.onLine);
  const types = ["online", "offline"] as const;
  for (const type of types) window.addEventListener(type, listener);
  return { value, stop: () => types.forEach((type) => window.removeEventListener(type, listener)) };
}
