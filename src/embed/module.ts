import type { Options } from "../core/options.ts";
import { version } from "../version.ts";
import type { Podpora } from "./api/handle.ts";
import { createPodpora as create } from "./podpora.ts";

/** On a server there is no page: the handle is there, and does nothing. */
const nowhere: Podpora = {
  identify: async () => undefined,
  logout: async () => undefined,
  open: async () => undefined,
  close: () => undefined,
  toggle: async () => undefined,
  show: () => undefined,
  hide: () => undefined,
  navigate: async () => undefined,
  prefill: async () => undefined,
  on: () => () => undefined,
  once: () => () => undefined,
  off: () => undefined,
  info: () => ({ version, open: false, route: undefined, locale: "en", signedIn: false }),
  destroy: () => undefined,
};

/**
 * Puts the widget on the page.
 *
 * @throws {OptionsError} for an option that can't work; the message names it and the fix.
 * @example
 * const help = createPodpora({ endpoint: "https://help.example.org/podpora" });
 * await help.open("chat");
 */
export function createPodpora(options: Options): Podpora {
  return typeof document === "undefined" ? nowhere : create(options);
}
