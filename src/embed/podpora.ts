import { readToken } from "../core/identity/stored-token.ts";
import { wipe } from "../core/identity/wipe.ts";
import { checkOptions, type Options } from "../core/options.ts";
import { parseRoute, type Route } from "../core/routes.ts";
import type { Prefill } from "../core/widget.ts";
import { version } from "../version.ts";
import type { App } from "./app.tsx";
import { createEmitter } from "./api/emitter.ts";
import type { Podpora } from "./api/handle.ts";
import { createHost, hostId } from "./page/host.ts";
import { createLauncher } from "./page/launcher.ts";
import { loadApp } from "./loading/load-app.ts";
import { startLanguage } from "./page/locale.ts";
import { loadTexts } from "./loading/load-texts.ts";
import { complain } from "./page/log.ts";
import { watchErrors } from "./page/page-context.ts";
import { takeCode, watchLinks } from "./page/page-links.ts";
import { follows, recall, rememberToFollow } from "./storage/remembered.ts";
import { startTexts } from "./loading/start-texts.ts";
import { browserStorage } from "./storage/browser-storage.ts";
import { tokenFrom } from "./identity/site-token.ts";

/** Puts the widget on the page: the launcher now, everything else at the first open. Throws an `OptionsError`. */
export function createPodpora(options: Options): Podpora {
  checkOptions(options, document.baseURI);
  if (document.getElementById(hostId))
    throw new Error("Podpora is on this page already; call destroy() on the first one.");

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
  let starting: Promise<App> | undefined;
  let app: App | undefined;
  let opener: HTMLElement | undefined;
  let destroyed = false;

  const launcher = createLauncher(() => settle(toggle()));
  const language = startLanguage(options);
  const { open: label, failed } = startTexts(language);
  launcher.update({ label, open: false, waiting: 0 });
  const texts = (wanted: string) => loadTexts(wanted, endpoint);
  whenNear(launcher.element, () => void texts(language).catch(() => undefined));
  if (view === "widget") host.root.append(launcher.element, launcher.trouble);

  function routeOf(text: string | undefined): Route | undefined {
    const route = text === undefined ? undefined : parseRoute(text);
    if (text !== undefined && !route) {
      complain(`route ${JSON.stringify(text)} is not known; use tickets, tickets/new, tickets/<id> or chat.`);
    }
    return route;
  }

  /** Evaluates the rest of the bundle, once; what failed for want of a network is begun again at the next click. */
  function start(): Promise<App> {
    loading ??= loadApp(endpoint);
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
        prefill: prefilled,
        code,
        route,
        home,
        loadTexts: texts,
        errors,
        emit: emitter.emit,
        onClose: () => (opener?.isConnected ? opener : launcher.element).focus(),
      });
      if (destroyed) started.stop();
      app = started;
      return started;
    });
    starting.catch(() => (starting = undefined));
    return starting;
  }

  async function open(route?: string, { quiet = false } = {}) {
    if (destroyed) return;
    const to = routeOf(route);
    const active = document.activeElement;
    opener = active instanceof HTMLElement && active !== document.body && active !== host.element ? active : undefined;
    launcher.say("");
    const starts = start();
    starts.catch(() => launcher.say(quiet ? "" : failed));
    const { widget, takeFocus } = await starts;
    takeFocus(!quiet);
    if (to) widget.navigate(to);
    widget.show();
  }

  async function navigate(route: string) {
    const to = routeOf(route);
    if (to) (await start()).widget.navigate(to);
  }

  async function toggle(route?: string) {
    if (app?.widget.open.peek()) app.widget.hide();
    else await open(route);
  }

  /** Where nobody waits for the promise, the console hears of its failure. */
  function settle(promise: Promise<unknown>) {
    promise.catch((error: unknown) => complain("could not start", error));
  }

  const links = watchLinks({
    open: (route) => settle(open(route)),
    navigate: (route) => settle(navigate(route)),
    close: () => app?.widget.hide(),
    state: () => ({ open: app?.widget.open.peek() ?? false, route: app?.route() }),
  });
  stops.push(links.stop);
  emitter.on("route", ({ data }) => links.moved(data.route));
  emitter.on("close", () => links.closed());

  /** Without the panel: what waits for the member shows on the launcher. */
  const connectQuietly = () => settle(start().then(({ widget }) => widget.session.connect()));
  function begin() {
    if (view === "page") settle(open(options.route));
    else if (remembered?.open) settle(open(undefined, { quiet: true }));
    else if (remembered?.live) connectQuietly();
    else if (follows()) stops.push(whenIdle(connectQuietly));
  }
  begin();
  queueMicrotask(() => emitter.emit("ready", {}));

  return {
    async identify(next) {
      identity = next;
      const running = app ?? (await starting?.catch(() => undefined));
      await running?.widget.session.identify(next);
    },
    async logout() {
      rememberToFollow(false);
      identity = undefined;
      prefilled = {};
      const running = app ?? (await starting?.catch(() => undefined));
      if (running) return await running.widget.signOut();
      // Here first, without anything that has to be fetched; then the gateway is told, when it can be.
      const stored = await readToken(storage);
      await wipe(storage);
      if (stored)
        void start().then(
          ({ widget }) => widget.session.revoke(stored.token),
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
      prefilled = { ...prefilled, ...words };
      app?.widget.prefill(words);
    },
    on: emitter.on,
    once(type, listener) {
      const off = emitter.on(type, (event) => {
        off();
        listener(event);
      });
      return off;
    },
    off: emitter.off,
    info: () => ({
      version,
      open: app?.widget.open.peek() ?? false,
      route: app?.route(),
      locale: app?.i18n.locale.peek() ?? startLanguage(options),
      signedIn: app?.signedIn() ?? false,
    }),
    destroy() {
      if (destroyed) return;
      destroyed = true;
      app?.stop();
      for (const stop of stops.splice(0)) stop();
      emitter.clear();
      host.remove();
    },
  };
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
