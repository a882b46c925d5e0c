import type { Podpora } from "./handle.ts";
import { nowhere } from "./nowhere.ts";

/** The same handle until `destroy()`; after that, whatever the page still calls does nothing. */
export function revocable(widget: Podpora): Podpora {
  let current = widget;
  return {
    identify: (identity) => current.identify(identity),
    logout: () => current.logout(),
    open: (route) => current.open(route),
    close: () => current.close(),
    toggle: (route) => current.toggle(route),
    show: () => current.show(),
    hide: () => current.hide(),
    navigate: (route) => current.navigate(route),
    prefill: (words) => current.prefill(words),
    on: (type, listener) => current.on(type, listener),
    once: (type, listener) => current.once(type, listener),
    off: (type, listener) => current.off(type, listener),
    info: () => current.info(),
    destroy() {
      current = nowhere;
      widget.destroy();
    },
  };
}
