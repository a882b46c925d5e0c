import type { Options } from "../core/options.ts";
import { type Commands, createCommands, type Stub } from "./api/commands.ts";
import { warn } from "./page/log.ts";
import { isFree } from "./page/taken-name.ts";
import { createPodpora } from "./podpora.ts";

declare global {
  interface Window {
    Podpora?: Stub;
  }
}

/** Where a second tag finds the commands of the first, whatever the page has put into `window.Podpora` meanwhile. */
const key = Symbol.for("podpora.commands");

/** `data-podpora-endpoint` → `endpoint`; without one, the endpoint is where the script came from. */
function optionsOf(script: HTMLScriptElement | null): Options {
  const source = script?.src && new URL(".", script.src).href;
  // The tag's values are checked as they are, by the same rules as options that are passed to `init` or `createPodpora()`.
  const given = Object.entries(script?.dataset ?? {}).flatMap(([name, value]) => {
    const option = /^podpora([A-Z])(\w*)$/.exec(name);
    return option ? [[`${option[1]?.toLowerCase()}${option[2]}`, value]] : [];
  });
  return { ...(source && { endpoint: source }), ...Object.fromEntries(given) };
}

/** The calls that the page's stub has kept, the one that makes the widget first. */
function queuedCalls(value: unknown): unknown[][] {
  const queue: unknown = typeof value === "function" ? Reflect.get(value, "q") : undefined;
  const calls = Array.isArray(queue) ? queue.map((call: ArrayLike<unknown>) => Array.from(call)) : [];
  const init = calls.findIndex(([verb]) => verb === "init");
  const [first] = init === -1 ? [["init"]] : calls.splice(init, 1);
  return [first ?? ["init"], ...calls];
}

function run(script: HTMLScriptElement | null) {
  const found: unknown = window.Podpora;
  // A second tag: the widget goes on, also when a router has run the page's stub again. After `destroy` it begins anew.
  const earlier = Reflect.get(document, key) as Commands | undefined;
  const tag = optionsOf(script);
  const commands = earlier ?? createCommands((options) => createPodpora({ ...tag, ...options }));
  Reflect.set(document, key, commands);
  if (found === commands && commands.isRunning()) return;
  const [init, ...calls] = queuedCalls(found === commands ? undefined : found);
  if (isFree(found) || found === commands) window.Podpora = commands;
  else
    warn("window.Podpora is something of the page's own: the widget works, its commands can't be called by that name.");
  if (!commands.isRunning()) commands("init", { ...tag, ...(init?.[1] as Options | undefined) });
  for (const [verb, ...args] of calls) commands(String(verb), ...args);
}

// The tag may be in the head: the launcher needs a body. `currentScript` is known only now.
if (typeof document !== "undefined") {
  const script = document.currentScript instanceof HTMLScriptElement ? document.currentScript : null;
  if (document.body) run(script);
  else document.addEventListener("DOMContentLoaded", () => run(script), { once: true });
}
