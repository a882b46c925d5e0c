import type { Options } from "../core/options.ts";
import { startLanguage } from "../i18n/start-language.ts";
import { isSheet } from "../sheet.ts";
import { version } from "../version.ts";
import type { App, AppModule, Call, Link, Sources } from "./app.ts";
import { markOf, pushSheetEntry } from "./entry-mark.ts";
import { focusedElement } from "./focused-element.ts";
import { diagnose } from "./diagnose.ts";
import { setAttributes } from "./element.ts";
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
 * Puts the widget on the page: the launcher now, the panel's frame at the click, and everything else from `sources`.
 * Returns the function to call it: calls that need the app are queued, and a call that starts the app returns a
 * promise. `given`: an element of the page to use instead of a new one.
 */
export function createLoader(options: Options, sources: Sources, given?: HTMLElement): CallVerb {
  if (hasWidget()) throw new Error("Podpora is already on this page; call destroy() on the first one.");
  const missing = missingFeature();
  if (missing) {
    warn(`this browser is too old for the widget: it has no ${missing}. Nothing is shown.`);
    return () => undefined;
  }

  // The app reports an unknown view; the member gets the panel anyway.
  const view = options.view === "page" || options.view === "inline" ? options.view : "widget";
  const floats = view === "widget";
  const endpoint = addressOf(options.endpoint);
  const life = new AbortController();
  const { signal } = life;
  let changed = options;
  let language = "en";
  const texts = { open: "", close: "", retry: "", failed: "" };
  const code = view === "page" ? takeCode() : undefined;
  const errors = watchErrors(signal);
  const calls: Call[] = [];
  let starting: Promise<App | undefined> | undefined;
  let app: App | undefined;
  let failure: unknown;
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
  preview({});

  /** What the launcher and the empty frame show of changed options, until the app checks and applies them. */
  function preview(changes: unknown) {
    changed = { ...changed, ...Object(changes) };
    language = startLanguage(Object.keys(startTexts), changed, recallFor("language"));
    Object.assign(texts, startTexts[language]);
    texts.open = changed.texts?.[language]?.["start.open"] ?? texts.open;
    for (const part of [launcher.element, frame.element]) part.lang = language;
    host.setLook(changed);
    showFrame(isOpen);
  }

  function showFrame(isShown: boolean) {
    isOpen = isShown;
    setAttributes(frame.element, { hidden: !isShown, "aria-label": texts.open });
    launcher.update({ label: texts.open, open: isShown, waiting: 0 });
  }

  async function fetchApp(): Promise<AppModule> {
    sources.fetch(language, endpoint);
    // The frame is drawn before anything large runs.
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
      setLook: (now) => host.setLook(now),
      open: (route) => quietly(open(route)),
      closed,
    });
  }

  /** Fetches and starts the app, once; after a failure it is retried at the next click. */
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
      failure = error;
      frame.fail();
      throw error;
    }
    // Calls that the page made while the app started, including those that add listeners.
    if (signal.aborted) app?.stop();
    else for (const [verb, args] of calls.splice(0)) quietly(Promise.resolve(call(verb, ...args)));
    return app;
  }

  /**
   * The focus returns to where it came from, if it is still in the widget: a page that closes the panel keeps its own.
   */
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
      // Nobody has opened it on this page.
      if (isQuiet) close();
      throw error;
    }
    if (signal.aborted) return;
    if (!element.isConnected) throw new Error("the page keeps removing the widget; it can't be shown");
    // If the member has closed the frame meanwhile, the app is not shown.
    if (isOpen) app?.open(route, !isQuiet);
  }

  async function toggle(route?: string) {
    if (isOpen) close();
    else await open(route);
  }

  /** If the caller ignores the promise, the failure is logged. */
  function quietly(promise: Promise<unknown>) {
    promise.catch((error: unknown) =>
      warn(`could not start${endpoint ? `; is there a gateway at ${endpoint}?` : ""}`, error),
    );
  }

  async function logout() {
    calls.push(["logout", []]);
    rememberFor("follow", undefined);
    if (!starting && !(await isUsed(storageName(endpoint, view)))) return;
    // If an import fails now, the next start retries it.
    rememberFor("signOut", "1");
    await (await start().catch(() => undefined))?.logout();
  }

  /** The calls that the loader handles itself, with or without an app. */
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

  const stateNow = () => {
    if (signal.aborted) return "destroyed";
    if (app) return "running";
    if (starting) return "loading";
    return failure ? "failed" : "waiting";
  };

  const call: CallVerb = (verb, ...args) => {
    if (verb === "diagnose")
      return diagnose(sources, {
        state: stateNow(),
        failure,
        app: signal.aborted ? undefined : app,
        options,
        view,
        endpoint,
        build: sources.name,
        locale: language,
        element,
        root,
        launcher: launcher.element,
        errors,
      });
    if (signal.aborted) return undefined;
    const run: unknown = own[verb] ?? Reflect.get(app ?? {}, verb);
    if (typeof run === "function") return Reflect.apply(run, undefined, args) as unknown;
    if (verb === "info") return { version, open: isOpen, route: undefined, locale: language, signedIn: false };
    if (verb === "logout") return logout();
    if (verb === "update") preview(args[0]);
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

  /** Back closes the sheet, also while the app is fetched, and the page's router is not notified. */
  function onPop(event: PopStateEvent) {
    if (app) return app.popped(event);
    if (!isOpen || link || !isSheet() || markOf(history.state)) return;
    event.stopImmediatePropagation();
    close();
  }

  function begin() {
    // A pointer or focus on the button usually precedes a press: fetch in advance.
    for (const type of options.preload === "off" ? [] : ["pointerenter", "focus", "touchstart"]) {
      launcher.element.addEventListener(type, () => void fetchApp().catch(() => undefined), { once: true, signal });
    }
    if (options.preload === "idle" && floats) whenIdle(() => signal.aborted || sources.fetch(language, endpoint));
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

/** Absolute, without a trailing slash. An invalid address is left unchanged: the app reports it. */
const addressOf = (text: string | undefined) =>
  text && URL.canParse(text, document.baseURI) ? new URL(text, document.baseURI).href.replace(/\/$/, "") : text;
