import type { Options } from "../../core/options.ts";
import type { Podpora } from "./handle.ts";
import { complain } from "../page/log.ts";

/** `Podpora("open", "chat")`. */
export type Command = (verb: string, ...args: unknown[]) => unknown;

/** What the page's stub has queued before the script came. */
export interface Stub extends Command {
  q?: ArrayLike<unknown>[];
}

const verbs: ReadonlySet<string> = new Set<keyof Podpora>([
  "identify",
  "logout",
  "open",
  "close",
  "toggle",
  "show",
  "hide",
  "navigate",
  "prefill",
  "on",
  "once",
  "off",
  "info",
  "destroy",
]);

function isVerb(verb: unknown): verb is keyof Podpora {
  return typeof verb === "string" && verbs.has(verb);
}

/**
 * The command door. Nothing that goes wrong here is thrown into the page: what the site did wrong stands in the console.
 * `create` makes the widget from the options of `init`, or from the tag's when `init` is not called.
 */
export function createCommands(create: (options: Options) => Podpora, onDestroy: () => void): Command {
  let widget: Podpora | undefined;

  return (verb, ...args) => {
    try {
      if (verb === "init") {
        if (widget) return complain('"init" was called twice; the first call stands.');
        widget = create(args[0] ?? {});
        return undefined;
      }
      if (!isVerb(verb)) return complain(`"${verb}" is not a command; use one of init, ${[...verbs].join(", ")}.`);
      if (!widget) return complain(`"${verb}" was called, but the widget did not start; see the message above.`);
      const run = widget[verb] as (...given: unknown[]) => unknown;
      const result = run(...args);
      if (verb === "destroy") onDestroy();
      if (result instanceof Promise) result.catch((error: unknown) => complain(`"${verb}" failed`, error));
      return result;
    } catch (error) {
      return complain(error instanceof Error ? error.message : String(error));
    }
  };
}
