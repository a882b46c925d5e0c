import { createTokenStore } from "../core/identity/token-store.ts";
import { wipe } from "../core/identity/wipe.ts";
import { checkOptions, type Options } from "../core/options.ts";
import { toJson } from "../core/contract/json.ts";
import { parseRoute, type Route } from "../core/routes.ts";
import type { Prefill } from "../core/widget.ts";
import { version } from "../version.ts";
import type { App } from "./app.tsx";
import { createEmitter } from "./api/emitter.ts";
import type { Podpora } from "./api/handle.ts";
import { nowhere } from "./api/nowhere.ts";
import { revocable } from "./api/revocable.ts";
import { deepActiveElement } from "./page/deep-active.ts";
import { createHost } from "./page/host.ts";
import { createLauncher } from "./page/launcher.ts";
import { loadApp } from "./loading/load-app.ts";
import { startLanguage } from "./page/locale.ts";
import { loadTexts } from "./loading/load-texts.ts";
import { warn } from "./page/log.ts";
import { missingFeatures } from "./page/missing-features.ts";
import { watchErrors } from "./page/page-context.ts";
import { takeCode, watchLinks } from "./page/page-links.ts";
import { watchHistory } from "./page/panel-history.ts";
import { hasWidget } from "./page/widget-element.ts";
import { isSheet } from "../ui/sheet.ts";
import { unknownOptions } from "../core/unknown-options.ts";
import { follows, recall, recallLanguage, remember, rememberToFollow } from "./storage/remembered.ts";
import { startTexts } from "./loading/start-texts.ts";
import { browserStorage } from "./storage/browser-storage.ts";
import { tokenFrom } from "./identity/site-token.ts";

/** Puts the widget on the page: the launcher now, everything else at the first open. Throws an `OptionsError`. */
export function createPodpora(options: Options): Podpora {
  checkOptions(options, document.baseURI);
  for (const message of unknownOptions(options)) warn(message);
  if (hasWidget()) throw new Error("Podpora is on this page already; call destroy() on the first one.");
  const missing = missingFeatures();
  if (missing.length > 0) {
    warn(`this browser is too old for the widget: it has no ${missing.join(", no ")}. Nothing is shown.`);
    return nowhere;
  }

  const view = options.view ?? "widget";
  const endpoint = options.endpoint && new URL(options.endpoint, document.baseURI).href.replace(/\/$/, "");
  const remembered = view === "widget" ? recall() : undefined;
  const emitter = createEmitter();
  const storage = browserStorage(`podpora:${endpoint ?? "adapter"}`);
  let identity = options.tokenUrl ? tokenFrom(options.tokenUrl) : undefined;
  let prefilled: Prefill = {};
  const host = createHost(options);
  const code = view === "page" ? takeCode() : undefined;
  const { errors, stop: stopErrors } = watchErrors();
  const stops: (() => void)[] = [stopErrors];
  let loading: ReturnType<typeof loadApp> | undefined;
  let starting: Promise<App | undefined> | undefined;
  let app: App | undefined;
  let opener: HTMLElement | undefined;
  const life = new AbortController();

  const launcher = createLauncher(() => reportRejection(toggle()));
  const language = startLanguage(options, recallLanguage());
  const { open: label, failed } = startTexts(language);
  launcher.update({ label, open: false, waiting: 0 });
  const texts = (wanted: string) => loadTexts(wanted, endpoint);
  whenNear(launcher.element, () => void texts(language).catch(() => undefined));
  if (view === "widget") host.root.append(launcher.element, launcher.trouble);

  function routeOf(text: string | undefined): Route | undefined {
    const route = text === undefined ? undefined : parseRoute(text);
    if (text !== undefined && !route) {
      warn(`route ${toJson(text)} is not known; use tickets, tickets/new, tickets/<id> or chat.`);
    }
    return route;
  }

  /** Evaluates the rest of the bundle, once; what failed for want of a network is begun again at the next click. */
  async function start(): Promise<App | undefined> {
    if (life.signal.aborted) return undefined;
    loading ??= loadApp(endpoint);
    loading.catch(() => (loading = undefined));
    starting ??= loading.then(async ({ startApp }) => {
      const home = routeOf(options.route) ?? { tab: "tickets", view: "list" };
      const route = routeOf(remembered?.route) ?? home;
      const started = await startApp({
        host,
        launcher,
        options,
        endpoint,
        storage,
        identity: () => identity,
        prefill: () => prefilled,
        code,
        route,
        home,
        loadTexts: texts,
        errors,
        emit: emitter.emit,
        signal: life.signal,
        onClose: giveFocusBack,
      });
      // A listener of the site may have ended the widget while it started.
      if (life.signal.aborted) started?.stop();
      else app = started;
      return app;
    });
    starting.catch(() => (starting = undefined));
    return await starting;
  }

  /** To where it came from, if it is still in the widget: a page that closes the panel keeps its own. */
  function giveFocusBack() {
    if (!host.root.activeElement) return;
    const target = opener?.isConnected ? opener : launcher.element;
    if (!target.hidden) target.focus();
  }

  async function open(route?: string, { quiet = false } = {}) {
    const to = routeOf(route);
    const active = deepActiveElement();
    if (!app?.widget.open.peek()) opener = active && !host.root.contains(active) ? active : undefined;
    host.attach();
    launcher.say("");
    const starts = start();
    starts.catch(() => launcher.say(quiet ? "" : failed));
    const started = await starts;
    if (!started) return;
    if (!host.isAttached()) throw new Error("the page keeps removing the widget; it can't be shown");
    started.takeFocus(!quiet);
    if (to) started.widget.navigate(to);
    started.widget.show();
    if (!quiet) panelHistory.opened();
  }

  async function navigate(route: string) {
    const to = routeOf(route);
    if (to) (await start())?.widget.navigate(to);
  }

  async function toggle(route?: string) {
    if (app?.widget.open.peek()) app.widget.hide();
    else await open(route);
  }

  /** Where nobody waits for the promise, the console hears of its failure. */
  function reportRejection(promise: Promise<unknown>) {
    promise.catch((error: unknown) =>
      warn(`could not start${endpoint ? `; is there a gateway at ${endpoint}?` : ""}`, error),
    );
  }

  const panelHistory = watchHistory({
    open: (route) => reportRejection(open(route)),
    navigate: (route) => reportRejection(navigate(route)),
    close: () => app?.widget.hide(),
    state: () => ({ open: app?.widget.open.peek() ?? false, route: app?.route() }),
    isSheet: () => view === "widget" && isSheet(),
  });
  stops.push(
    panelHistory.stop,
    watchLinks((route) => reportRejection(open(route))),
  );
  emitter.on("route", ({ data }) => panelHistory.moved(data.route));
  emitter.on("close", () => panelHistory.closed());

  /** Without the panel: what waits for the member shows on the launcher. */
  const connectQuietly = () => reportRejection(start().then((started) => started?.widget.session.connect()));
  function begin() {
    if (view === "page") reportRejection(open(options.route));
    else if (remembered?.open) reportRejection(open(undefined, { quiet: true }));
    else if (remembered?.live) connectQuietly();
    else if (follows()) stops.push(whenIdle(connectQuietly));
  }
  begin();
  queueMicrotask(() => emitter.emit("ready", {}));

  return revocable({
    async identify(next) {
      identity = next;
      const running = app ?? (await starting?.catch(() => undefined));
      await running?.widget.session.identify(next);
    },
    async logout() {
      rememberToFollow(false);
      identity = undefined;
      prefilled = {};
      if (app) return await app.widget.signOut();
      // Here first, without anything that has to be fetched; then the gateway is told, when it can be.
      const stored = await createTokenStore(storage).read();
      await wipe(storage);
      if (!starting && !stored) return;
      void start().then(
        async (started) => {
          if (stored) void started?.widget.session.revoke(stored.token);
          await started?.widget.signOut();
        },
        () => undefined,
      );
    },
    open: (route) => open(route),
    close: () => app?.widget.hide(),
    toggle,
    show: () => void (launcher.element.hidden = false),
    hide: () => void (launcher.element.hidden = true),
    navigate,
    async prefill(words) {
      const given = textsOf(words);
      prefilled = { ...prefilled, ...given };
      app?.widget.prefill(given);
    },
    on: emitter.on,
    once: emitter.once,
    off: emitter.off,
    info: () => ({
      version,
      open: app?.widget.open.peek() ?? false,
      route: app?.route(),
      locale: app?.i18n.locale.peek() ?? language,
      signedIn: app?.signedIn() ?? false,
    }),
    destroy() {
      life.abort();
      emitter.close();
      app?.stop();
      for (const stop of stops.splice(0)) stop();
      // A widget that is made later begins closed; a running chat goes on in it.
      const last = view === "widget" ? recall() : undefined;
      if (last) remember({ ...last, open: false });
      storage.close();
      host.remove();
    },
  });
}

/** Who moves to a button is about to press it: what the press needs can be fetched. */
function whenNear(element: HTMLElement, run: () => void) {
  for (const type of ["pointerenter", "focus", "touchstart"])
    element.addEventListener(type, run, { once: true, passive: true });
}

/** After everything that the page itself has to do. Safari has no idle callback. */
function whenIdle(run: () => void): () => void {
  if ("requestIdleCallback" in window) {
    const request = requestIdleCallback(run, { timeout: 5_000 });
    return () => cancelIdleCallback(request);
  }
  const timer = setTimeout(run, 2_000);
  return () => clearTimeout(timer);
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
