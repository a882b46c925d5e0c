import type { Options } from "../core/options.ts";
import type { Podpora } from "./api/handle.ts";
import { nowhere } from "./api/nowhere.ts";
import { createPodpora as create } from "./podpora.ts";

/**
 * Puts the widget on the page. On a server there is no page: the handle is there, and does nothing.
 *
 * @throws {OptionsError} for an option that can't work; the message names it and the fix.
 * @example
 * const help = createPodpora({ endpoint: "https://help.example.org/podpora" });
 * await help.open("chat");
 */
export function createPodpora(options: Options): Podpora {
  return typeof document === "undefined" ? nowhere : create(options);
}
