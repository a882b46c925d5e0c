import type { Options } from "../core/options.ts";
import { type Command, createCommands, type Stub } from "./commands.ts";
import { createPodpora } from "./podpora.ts";

declare global {
  interface Window {
    Podpora?: Stub;
  }
}

const started = Symbol.for("podpora.started");

/** `data-podpora-endpoint` → `endpoint`; without one, the endpoint is where the script came from. */
function optionsOf(script: HTMLScriptElement | null): Options {
  const { podporaEndpoint, podporaLocale, podporaTheme, podporaPosition, podporaView, podporaRoute, podporaTokenUrl } =
    script?.dataset ?? {};
  const source = script?.src && new URL(".", script.src).href;
  const endpoint = podporaEndpoint ?? source;
  // What stands on the tag is checked as it is, by the same rules as the options of the other doors.
  return Object.fromEntries(
    Object.entries({
      endpoint,
      locale: podporaLocale,
      theme: podporaTheme,
      position: podporaPosition,
      view: podporaView,
      route: podporaRoute,
      tokenUrl: podporaTokenUrl,
    }).filter(([, value]) => value !== undefined),
  );
}

function run(script: HTMLScriptElement | null) {
  const stub = window.Podpora;
  // A second tag does nothing.
  if (stub && started in stub) return;
  const queued = [...(stub?.q ?? [])].map((call) => Array.from(call));
  const tag = optionsOf(script);
  const commands: Command = createCommands(
    (options) => createPodpora({ ...tag, ...options }),
    () => {
      if (window.Podpora === command) delete window.Podpora;
    },
  );
  const command: Stub = Object.assign(commands, { [started]: true });
  window.Podpora = command;

  const init = queued.findIndex(([verb]) => verb === "init");
  const [first] = init === -1 ? [["init"]] : queued.splice(init, 1);
  for (const [verb, ...args] of [first ?? ["init"], ...queued]) command(String(verb), ...args);
}

// The tag may stand in the head: the launcher needs a body. `currentScript` is known only now.
if (typeof document !== "undefined") {
  const script = document.currentScript instanceof HTMLScriptElement ? document.currentScript : null;
  if (document.body) run(script);
  else document.addEventListener("DOMContentLoaded", () => run(script), { once: true });
}
