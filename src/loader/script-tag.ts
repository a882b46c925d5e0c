import type { Options } from "../core/options.ts";
import type { Sources } from "./app.ts";
import { createLoader } from "./loader.ts";
import { warn } from "./log.ts";
import { type CallVerb, isVerb, verbs } from "./verbs.ts";

/** `Podpora("open", "chat")`. */
export type Command = (verb: string, ...args: unknown[]) => unknown;

/** The calls that the page's stub queued before the script ran. */
export interface Stub extends Command {
  q?: ArrayLike<unknown>[];
}

declare global {
  interface Window {
    Podpora?: Stub;
  }
}

/** Where a second tag finds the commands of the first, whatever the page has assigned to `window.Podpora` meanwhile. */
const key = Symbol.for("podpora.commands");

/** Starts the widget of a script tag. `currentScript` is only available while the script runs. */
export function runScriptTag(sources: Sources): void {
  const script = document.currentScript instanceof HTMLScriptElement ? document.currentScript : null;
  // The tag may be in the head: the launcher needs a body.
  if (document.body) run(script, sources);
  else document.addEventListener("DOMContentLoaded", () => run(script, sources), { once: true });
}

function run(script: HTMLScriptElement | null, sources: Sources) {
  const found: unknown = window.Podpora;
  // A second tag: the widget continues, also if a router has run the page's stub again. After `destroy` it starts
  // again.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nobody else has this symbol
  const earlier = Reflect.get(document, key) as Command | undefined;
  const tag = optionsOf(script);
  const commands = earlier ?? createCommands(tag, sources);
  Reflect.set(document, key, commands);
  const calls = found === commands ? [] : queuedBy(found);
  const init = calls.find(([verb]) => verb === "init");
  if (isFree(found) || found === commands) window.Podpora = commands;
  else warn("window.Podpora belongs to the page: the widget works, but its commands can't be called by that name.");
  commands("start", { ...tag, ...Object(init?.[1]) });
  for (const [verb, ...args] of calls) if (verb !== "init") commands(String(verb), ...args);
}

/**
 * Never throws into the page: the console says what the site did wrong. `init` creates the widget; so does `start`, if
 * there is none. After `destroy`, `init` creates another one.
 */
function createCommands(tag: Options, sources: Sources): Command {
  let call: CallVerb | undefined;
  let isRunning = false;

  return (verb, ...args) => {
    try {
      if (verb === "init" || verb === "start") {
        if (!isRunning) call = createLoader({ ...tag, ...Object(args[0]) }, sources);
        else if (verb === "init") warn('"init" was called twice; the first call counts.');
        isRunning = true;
        return undefined;
      }
      if (!isVerb(verb)) return warn(`"${verb}" is not a command; use one of init, ${verbs.join(", ")}.`);
      if (verb === "destroy") isRunning = false;
      const result = call?.(verb, ...args);
      if (result instanceof Promise) result.catch((error: unknown) => warn(`"${verb}" failed`, error));
      return result;
    } catch (error) {
      return warn(error instanceof Error ? error.message : String(error));
    }
  };
}

/** `data-podpora-endpoint` → `endpoint`; without one, the endpoint is the script's location. */
function optionsOf(script: HTMLScriptElement | null): Options {
  const options: Record<string, string | undefined> = {};
  // A script pinned to a version is in a folder with that name below the gateway.
  if (script?.src) options["endpoint"] = new URL(".", script.src).href.replace(/\/[0-9a-f]{16}\/$/, "/");
  for (const [name, value] of Object.entries(script?.dataset ?? {})) {
    const option = /^podpora([A-Z].*)/.exec(name)?.[1];
    if (option) options[`${option.charAt(0).toLowerCase()}${option.slice(1)}`] = value;
  }
  return options;
}

/** The calls that the page's stub has queued. */
function queuedBy(stub: unknown): unknown[][] {
  const queue: unknown = typeof stub === "function" ? Reflect.get(stub, "q") : undefined;
  return Array.isArray(queue) ? queue.map((call: ArrayLike<unknown>) => Array.from(call)) : [];
}

/** Whether `window.Podpora` is the page's queue for calls, or free: an element with that id counts as free. */
function isFree(value: unknown): boolean {
  if (typeof value !== "function") return !value || value instanceof Element || value instanceof HTMLCollection;
  // A plain function with only the queue: not a class, not a library.
  const isClass = Object.getOwnPropertyDescriptor(value, "prototype")?.writable === false;
  return !isClass && Object.keys(value).every((name) => name === "q");
}
