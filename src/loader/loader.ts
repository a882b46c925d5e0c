import type { Options } from "../core/options.ts";
import { startLanguage } from "../i18n/start-language.ts";
import { isSheet } from "../sheet.ts";
import { version } from "../version.ts";
import type { App, AppModule, Call, Link, Sources } from "./app.ts";
import { markOf, pushSheetEntry } from "./entry-mark.ts";
import { focusedElement } from "./focused-element.ts";
import { createFrame } from "./frame.ts";
import { createHost, hasWidget } from "./host.ts";
import { createLauncher } from "./launcher.ts";
import { warn } from "./log.ts";
import { missingFeature } from "./missing-feature.ts";
import { watchErrors } from "./page-errors.ts";
import { painted } from "./painted.ts";
import { linkedRoute, takeCode, watchLinks } from "./page-links.ts";
import { announceReady } from "./ready.ts";
import { recall, recallFor, rememberFor } from "./remembered.ts";
import { startTexts } from "./start-texts.ts";
import { isUsed, storageName } from "./storage-name.ts";
import type { CallVerb } from "./verbs.ts";
import { whenIdle } from "./when-idle.ts";

/**
 * Puts the widget on the page: the launcher now, the panel's frame at the click, and everything else from `sources`. Gives
 * the way to call it: what needs the app waits for it, and gives a promise where it makes the app start. `given`: an element of the
 * page's own that the widget lives in, instead of one that it puts there.
 */
export function createLoader(options: Options, sources: Sources, given?: HTMLElement): CallVerb {
  if (hasWidget()) throw new Error("Podpora is on this page already; call destroy() on the first one.");
  const missing = missingFeature();
  if (missing) {
    warn(`this browser is too old for the widget: it has no ${missing}. Nothing is shown.`);
    return () => undefined;
  }

  // What is no view is told by the app; the member gets the panel all the same.
  const view = options.view === "page" || options.view === "inline" ? options.view : "widget";
  const floats = view === "widget";
  const endpoint = addressOf(options.endpoint);
  const life = new AbortController();
  const { signal } = life;
  const language = startLanguage(Object.keys(startTexts), options, recallFor("language"));
  const texts = startTexts[language] ?? { open: "", close: "", retry: "", failed: "" };
  const code = view === "page" ? takeCode() : undefined;
  const errors = watchErrors(signal);
  const calls: Call[] = [];
  let starting: Promise<App | undefined> | undefined;
  let app: App | undefined;
  let isOpen = false;
  let wanted: string | undefined;
  let opener: HTMLElement | undefined;
  let link: Link | undefined;
  let entries = history.length;

  const host = createHost({ ...options, view }, given);
  const { element, root } = host;
  const launcher = createLauncher(() => quietly(toggle()));
  const frame = createFrame(texts, view, { close: () => close(), retry: () => quietly(start()) });
  root.append(frame.element);
  if (floats) root.append(launcher.element);
  showFrame(false);

  function showFrame(isShown: boolean) {
    isOpen = isShown;
    frame.element.hidden = !isShown;
    launcher.update({ label: texts.open, open: isShown, waiting: 0 });
  }

  async function fetchApp(): Promise<AppModule> {
    sources.fetch(language, endpoint);
    // What was shown at the click is drawn before anything large runs.
    await painted();
    return await sources.app(endpoint);
  }

  async function fetchAndStart(): Promise<App | undefined> {
    const module = await fetchApp();
    return await module.startApp({
      element,
      root,
      frame: frame.element,
      launcher,
      options,
      view,
      endpoint,
      calls,
      isOpen: () => isOpen,
      wanted: () => wanted,
      route: floats ? recall().route : undefined,
      code,
      errors,
      link: () => link,
      signal,
      open: (route) => quietly(open(route)),
      closed,
    });
  }

  /** Fetches and starts the app, once; what failed is begun again at the next click. */
  async function start(): Promise<App | undefined> {
    if (signal.aborted) return undefined;
    if (!starting) frame.load();
    starting ??= fetchAndStart();
    try {
      const started = await starting;
      if (app) return app;
      app = started;
    } catch (error) {
      starting = undefined;
      frame.fail();
      throw error;
    }
    // What the page has called while the app started, a listener of its own too.
    if (signal.aborted) app?.stop();
    else for (const [verb, args] of calls.splice(0)) quietly(Promise.resolve(call(verb, ...args)));
    return app;
  }

  /** The focus goes to where it came from, if it is still in the widget: a page that closes the panel keeps its own. */
  function closed() {
    isOpen = false;
    const target = opener?.isConnected ? opener : launcher.element;
    if (root.activeElement && !target.hidden) target.focus();
  }

  function close() {
    if (app) return app.close();
    closed();
    showFrame(false);
  }

  function openFrame(isQuiet: boolean) {
    host.attach();
    if (!app) showFrame(true);
    isOpen = true;
    if (app || isQuiet || !floats) return;
    frame.element.focus();
    if (isSheet() && !linkedRoute()) pushSheetEntry();
  }

  async function open(route?: string, isQuiet = false) {
    if (!isOpen) opener = focusedElement(root);
    openFrame(isQuiet);
    wanted = route;
    try {
      await start();
    } catch (error) {
      // Nobody has asked for it on this page.
      if (isQuiet) close();
      throw error;
    }
    if (signal.aborted) return;
    if (!element.isConnected) throw new Error("the page keeps removing the widget; it can't be shown");
    // Who has closed the frame meanwhile wants nothing more.
    if (isOpen) app?.open(route, !isQuiet);
  }

  async function toggle(route?: string) {
    if (isOpen) close();
    else await open(route);
  }

  /** Where nobody waits for the promise, the console hears of its failure. */
  function quietly(promise: Promise<unknown>) {
    promise.catch((error: unknown) =>
      warn(`could not start${endpoint ? `; is there a gateway at ${endpoint}?` : ""}`, error),
    );
  }

  async function logout() {
    calls.push(["logout", []]);
    rememberFor("follow", undefined);
    if (!starting && !(await isUsed(storageName(endpoint)))) return;
    // What can't be fetched now is done by whatever app starts next.
    rememberFor("signOut", "1");
    await (await start().catch(() => undefined))?.logout();
  }

  /** What the loader does itself, whether there is an app or not. */
  const own: Readonly<Record<string, (route?: string) => unknown>> = {
    open: (route) => open(route),
    close,
    toggle,
    show: () => void (launcher.element.hidden = false),
    hide: () => void (launcher.element.hidden = true),
    destroy() {
      life.abort();
      app?.stop();
      host.remove();
    },
  };

  const call: CallVerb = (verb, ...args) => {
    if (signal.aborted) return undefined;
    const run: unknown = own[verb] ?? Reflect.get(app ?? {}, verb);
    if (typeof run === "function") return Reflect.apply(run, undefined, args) as unknown;
    if (verb === "info") return { version, open: isOpen, route: undefined, locale: language, signedIn: false };
    if (verb === "logout") return logout();
    calls.push([verb, args]);
    if (verb === "on" || verb === "once") return () => call("off", ...args);
    return starting || verb === "navigate" ? start().then(() => undefined) : undefined;
  };

  function onHash(event?: HashChangeEvent) {
    if (app) return;
    const route = linkedRoute();
    if (route) {
      link ??= { event, entries };
      quietly(open(route));
    } else if (link) {
      link = undefined;
      close();
    }
    entries = history.length;
  }

  /** Back closes the sheet, also while the app is fetched, and the page's router hears nothing of it. */
  function onPop(event: PopStateEvent) {
    if (app) return app.popped(event);
    if (!isOpen || link || !isSheet() || markOf(history.state)) return;
    event.stopImmediatePropagation();
    close();
  }

  function begin() {
    // Who moves to a button is about to press it: what the press needs can be here by then.
    for (const type of ["pointerenter", "focus", "touchstart"]) {
      launcher.element.addEventListener(type, () => void fetchApp().catch(() => undefined), { once: true, signal });
    }
    watchLinks((route) => quietly(open(route)), signal);
    window.addEventListener("hashchange", onHash, { signal });
    window.addEventListener("popstate", onPop, { signal, capture: true });
    onHash();
    const connect = () => quietly(start().then((started) => started?.connect()));
    announceReady(calls, signal);
    if (!floats) return quietly(open(options.route));
    const remembered = recall();
    if (remembered.open) quietly(open(undefined, true));
    else if (remembered.live) connect();
    else if (recallFor("follow")) whenIdle(connect);
  }

  begin();
  return call;
}

/** Absolute, without a slash at the end. What is no address stays as it is: the app says so. */
const addressOf = (text: string | undefined) =>
  text && URL.canParse(text, document.baseURI) ? new URL(text, document.baseURI).href.replace(/\/$/, "") : text;
