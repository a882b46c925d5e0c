import { isOfInputMethod } from "../keys.ts";
import type { Options } from "../core/options.ts";
import { create, setAttributes } from "./element.ts";
import { icon } from "./icon.ts";
import type { StartTexts } from "./start-texts.ts";

/**
 * The panel's frame, in plain DOM: a dialog over the page, the whole window on the chat page, or a region of the page.
 * It opens at the click, while the app is fetched.
 */
export interface Frame {
  readonly element: HTMLElement;
  /** Shows placeholders. */
  load(): void;
  /** Shows that loading failed. */
  fail(): void;
}

interface Actions {
  readonly close: () => void;
  readonly retry: () => void;
}

type View = NonNullable<Options["view"]>;
const roles = { widget: "dialog", page: "main", inline: "region" } as const;

export function createFrame(texts: StartTexts, view: View, { close, retry }: Actions): Frame {
  const element = create("section", {
    class: `panel ${view}`,
    part: "panel",
    role: roles[view],
    tabindex: -1,
    hidden: true,
  });
  element.addEventListener("keydown", (event) => {
    // Typing in the widget must not trigger the page's shortcuts.
    event.stopPropagation();
    if (event.key === "Escape" && view === "widget" && !isOfInputMethod(event)) close();
  });

  /** Below the header; the app replaces both. */
  function fill(isBusy: boolean, ...body: Element[]) {
    setAttributes(element, { "aria-busy": isBusy });
    const button = create(
      "button",
      { class: "icon-button", "aria-label": texts.close, hidden: view !== "widget" },
      icon("close"),
    );
    button.addEventListener("click", close);
    // The pressed button disappears: the dialog keeps the focus.
    const hadFocus = element.matches(":focus-within");
    element.replaceChildren(
      create("div", { class: "head" }, create("h1", {}, texts.open), button),
      create("div", { class: "skeleton" }, ...body),
    );
    if (hadFocus) element.focus();
  }

  return {
    element,
    load: () => fill(true, ...Array.from({ length: 5 }, () => create("span", { class: "skeleton-row" }))),
    fail() {
      const button = create("button", {}, texts.retry);
      button.addEventListener("click", retry);
      fill(false, create("span", { role: "alert" }, texts.failed), button);
    },
  };
}
