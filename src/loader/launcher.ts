import { create, setAttributes } from "./element.ts";
import { icon } from "./icon.ts";

/** The floating button, in plain DOM: it appears before any other part of the widget runs. */
export interface Launcher {
  readonly element: HTMLButtonElement;
  /** `label` is its current name; the count is shown as a badge. */
  update(state: { readonly label: string; readonly open: boolean; readonly waiting: number }): void;
}

export function createLauncher(onClick: () => void): Launcher {
  const element = create("button", { class: "launcher", part: "launcher", "aria-haspopup": "dialog" });
  element.addEventListener("click", onClick);
  return {
    element,
    update({ label, open, waiting }) {
      setAttributes(element, { "aria-label": label, "aria-expanded": `${open}` });
      const badge = create(
        "span",
        { class: "badge", "aria-hidden": "true", hidden: open || waiting === 0 },
        waiting > 99 ? "99+" : `${waiting}`,
      );
      element.replaceChildren(icon(open ? "close" : "help"), badge);
    },
  };
}
