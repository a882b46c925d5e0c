import theme from "../../ui/styles/theme.css?inline";
import launcher from "./launcher.css?inline";
import type { Options } from "../../core/options.ts";

export const hostId = "podpora";

export interface Host {
  readonly element: HTMLElement;
  readonly root: ShadowRoot;
  /** Adds style sheets; constructable ones, so that no content policy has to allow inline style. */
  wear(styles: readonly string[]): void;
  remove(): void;
}

/** The one element that the page gets. */
export function createHost({ theme: wanted = "auto", position = "end" }: Options): Host {
  const element = document.createElement("div");
  element.id = hostId;
  element.dataset["theme"] = wanted;
  element.dataset["position"] = position;
  const root = element.attachShadow({ mode: "open" });

  function wear(styles: readonly string[]) {
    const sheets = styles.map((text) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      return sheet;
    });
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, ...sheets];
  }

  wear([theme, launcher]);
  // What is typed here is no shortcut of the page.
  for (const type of ["keydown", "keyup", "keypress"])
    element.addEventListener(type, (event) => event.stopPropagation());
  document.body.append(element);
  return { element, root, wear, remove: () => element.remove() };
}
