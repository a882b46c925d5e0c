// The entry podpora/element: defines <podpora-widget>.
import type { Options } from "./core/options.ts";
import { createIn } from "./embed/module.ts";
import type { Podpora } from "./loader/handle.ts";
import { warn } from "./loader/log.ts";

export interface PodporaElement extends HTMLElement {
  /** What no attribute can hold, such as an adapter. Set it before the element comes to the page. */
  options: Options;
  /** The way to call it: `element.handle?.open("chat")`. Undefined while the element is not on a page. */
  readonly handle: Podpora | undefined;
}

/** By type, each option that is a text is here. */
const attributes: Readonly<Record<Exclude<keyof Options, "adapter">, string>> = {
  endpoint: "endpoint",
  locale: "locale",
  theme: "theme",
  position: "position",
  view: "view",
  route: "route",
  ticketLanguage: "ticket-language",
  pageContext: "page-context",
  appVersion: "app-version",
  titleCount: "title-count",
  queueMinutes: "queue-minutes",
  tokenUrl: "token-url",
};

/**
 * Defines `<podpora-widget endpoint="https://help.example.org">`. It floats above the page, as the script's widget does; with
 * `view="inline"` it fills its place in the page. It begins when the element comes to the page, and is destroyed when the element
 * is taken away. On a server, which knows no elements, nothing is defined.
 */
export function defineElement(): void {
  if (typeof customElements === "undefined" || customElements.get("podpora-widget")) return;
  customElements.define(
    "podpora-widget",
    class extends HTMLElement implements PodporaElement {
      options: Options = {};
      handle: Podpora | undefined;
      #hasBegun = false;

      connectedCallback(): void {
        // Moved to another place it is the same widget; the script's own element, which has this name too, lives by itself.
        if (this.handle || (this.shadowRoot && !this.#hasBegun)) return;
        this.#hasBegun = true;
        try {
          this.handle = createIn(this, { ...optionsOf(this), ...this.options });
        } catch (error) {
          warn(error instanceof Error ? error.message : String(error));
        }
      }

      disconnectedCallback(): void {
        queueMicrotask(() => {
          if (this.isConnected) return;
          this.handle?.destroy();
          this.handle = undefined;
        });
      }
    },
  );
}

function optionsOf(element: HTMLElement): Options {
  const given = Object.entries(attributes).flatMap(([option, attribute]) => {
    const value = element.getAttribute(attribute);
    return value === null ? [] : [[option, value]];
  });
  return Object.fromEntries(given);
}

defineElement();
