import type { Options } from "../core/options.ts";
import { type Command, createCommands, type Stub } from "./api/commands.ts";
import { createPodpora } from "./podpora.ts";

declare global {
  interface Window {
    Podpora?: Stub;
  }
}

const started = Symbol.for("podpora.started");

/** `data-podpora-endpoint` → `endpoint`; without one, the endpoint is where the script came from. */
function optionsOf(script: HTMLScriptElement | null): Options {
  const source = script?.src && new URL(".", script.src).href;
  // What stands on the tag is checked as it is, by the same rules as the options of the other doors.
  const given = Object.entries(script?.dataset ?? {}).flatMap(([name, value]) => {
    const option = /^podpora([A-Z])(\w*)$/.exec(name);
    return option ? [[`${option[1]?.toLowerCase()}${option[2]}`, value]] : [];
  });
  return { ...(source && { endpoint: source }), ...Object.fromEntries(given) };
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
