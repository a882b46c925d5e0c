import { version } from "../../version.ts";
import type { Podpora } from "./handle.ts";

/** The handle where there is no widget: on a server, in a browser that is too old, after `destroy()`. It does nothing. */
export const nowhere: Podpora = {
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
