import type { Options } from "../../core/options.ts";
import type { Podpora } from "./handle.ts";
import { warn } from "../page/log.ts";

/** `Podpora("open", "chat")`. */
export type Command = (verb: string, ...args: unknown[]) => unknown;

/** What the page's stub has queued before the script came. */
export interface Stub extends Command {
  q?: ArrayLike<unknown>[];
}

/** By type, each verb of the handle is here. */
const verbs: Readonly<Record<keyof Podpora, true>> = {
  identify: true,
  logout: true,
  open: true,
  close: true,
  toggle: true,
  show: true,
  hide: true,
  navigate: true,
  prefill: true,
  on: true,
  once: true,
  off: true,
  info: true,
  destroy: true,
};

function isVerb(verb: unknown): verb is keyof Podpora {
  return typeof verb === "string" && Object.hasOwn(verbs, verb);
}

export interface Commands extends Command {
  /** Whether there is a widget: `init` has made one and `destroy` has not taken it away. */
  isRunning(): boolean;
}

/**
 * The script's way in. Nothing that goes wrong here is thrown into the page: the console says what the site did wrong.
 * `create` makes the widget from the options of `init`, or from the tag's when `init` is not called. After `destroy`,
 * `init` makes another one.
 */
export function createCommands(create: (options: Options) => Podpora): Commands {
  let widget: Podpora | undefined;
  let isRunning = false;

  function run(verb: string, args: unknown[]): unknown {
    if (verb === "init") {
      if (isRunning) return warn('"init" was called twice; the first call counts.');
      widget = create(args[0] ?? {});
      isRunning = true;
      return undefined;
    }
    if (!isVerb(verb)) {
      return warn(`"${verb}" is not a command; use one of init, ${Object.keys(verbs).join(", ")}.`);
    }
    if (!widget) return warn(`"${verb}" was called, but the widget did not start; see the message above.`);
    const call = widget[verb] as (...given: unknown[]) => unknown;
    if (verb === "destroy") isRunning = false;
    const result = call(...args);
    if (result instanceof Promise) result.catch((error: unknown) => warn(`"${verb}" failed`, error));
    return result;
  }

  const command: Command = (verb, ...args) => {
    try {
      return run(verb, args);
    } catch (error) {
      return warn(error instanceof Error ? error.message : String(error));
    }
  };
  return Object.assign(command, { isRunning: () => isRunning });
}
