import { make } from "../dom.ts";
import type { T } from "../texts.ts";

/** Asks whether to discard the marks. */
export function createQuestion(t: T, onKeep: () => void, onDiscard: () => void) {
  const answer = (kind: "primary" | "secondary", text: string, onClick: () => void) => {
    const button = make("button", { type: "button", class: kind }, text);
    button.addEventListener("click", onClick);
    return button;
  };
  const keep = answer("primary", t("editor.keep"), onKeep);
  const discard = answer("secondary", t("editor.discard"), onDiscard);
  const text = make("p", { id: "pictures-question", class: "big" }, t("editor.discardQuestion"));
  const attributes = { class: "question", role: "alertdialog", "aria-labelledby": text.id };
  return { element: make("div", attributes, text, discard, keep), focus: () => keep.focus() };
}
