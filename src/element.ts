// The entry podpora/element: defines <podpora-widget>.
import { createUpdater } from "./core/option-changes.ts";
import type { Options } from "./core/options.ts";
import { createIn } from "./embed/module.ts";
import type { Podpora } from "./loader/handle.ts";
import { warn } from "./loader/log.ts";

export interface PodporaElement extends HTMLElement {
  /**
   * Options that no attribute can have, such as texts. Set an adapter before the element is added to the page. Options that are
   * set later change the widget, as attributes do.
   */
  options: Options;
  /** The handle: `element.handle?.open("chat")`. Undefined while the element is not on a page. */
  readonly handle: Podpora | undefined;
}

/** By type, every text option is included. */
const attributes: Readonly<Record<Exclude<keyof Options, "adapter" | "texts">, string>> = {
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
  preload: "preload",
  queueMinutes: "queue-minutes",
  tokenUrl: "token-url",
  signInUrl: "sign-in-url",
};

/**
 * Defines `<podpora-widget endpoint="https://help.example.org">`. It floats above the page, like the script's widget;
 * with `view="inline"` it fills its place in the page. A changed attribute changes the widget. It starts when the element is added to the page, and is
 * destroyed when the element is removed. On a server, without custom elements, nothing is defined.
 */
export function defineElement(): void {
  if (typeof customElements === "undefined" || customElements.get("podpora-widget")) return;
  customElements.define(
    "podpora-widget",
    class extends HTMLElement implements PodporaElement {
      static readonly observedAttributes = Object.values(attributes);
      handle: Podpora | undefined;
      #options: Options = {};
      #update: ((options: Options) => void) | undefined;
      #hasBegun = false;

      get options(): Options {
        return this.#options;
      }

      set options(options: Options) {
        this.#options = options;
        this.#update?.({ ...optionsOf(this), ...this.#options });
      }

      attributeChangedCallback(): void {
        this.#update?.({ ...optionsOf(this), ...this.#options });
      }

      connectedCallback(): void {
        // A moved element keeps its widget; the script's own element, which has the same name, is independent.
        if (this.handle || (this.shadowRoot && !this.#hasBegun)) return;
        this.#hasBegun = true;
        try {
          const options = { ...optionsOf(this), ...this.#options };
          this.handle = createIn(this, options);
          this.#update = createUpdater(
            options,
            async (changes) => await this.handle?.update(changes),
            (error) => warn(messageOf(error)),
          );
        } catch (error) {
          warn(messageOf(error));
        }
      }

      disconnectedCallback(): void {
        queueMicrotask(() => {
          if (this.isConnected) return;
          this.handle?.destroy();
          this.handle = undefined;
          this.#update = undefined;
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

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

defineElement();
