import { make } from "../dom.ts";
import { icon, iconButton, setLabel, setOff } from "../icon.ts";
import { type Direction, nudge } from "./keys.ts";
import { markInMiddle, retold, tools } from "./marks.ts";
import type { Part, Parts } from "./parts.ts";
import { chosenOf, type State } from "./state.ts";
import { isOfInputMethod } from "../../keys.ts";

export function createTools({ dispatch, t }: Parts): Part {
  const choices = tools.map((tool) => {
    const input = make("input", { type: "radio", name: "pictures-tool" });
    input.addEventListener("change", () => dispatch({ type: "tool", tool }));
    return { tool, input, label: make("label", {}, input, icon(tool), t(`editor.${tool}`)) };
  });
  const legend = make("legend", { class: "unseen" }, t("editor.tools"));
  return {
    element: make("fieldset", { class: "tools" }, legend, ...choices.map(({ label }) => label)),
    draw(state) {
      for (const { tool, input } of choices) input.checked = tool === state.tool;
    },
  };
}

const names = {
  move: { left: "left", up: "up", down: "down", right: "right" },
  resize: { left: "narrower", up: "shorter", down: "taller", right: "wider" },
} as const;

/** Single-tap alternatives to dragging. */
export function createChosenMark({ dispatch, paper, t }: Parts): Part {
  let shown: State | undefined;
  let resize = false;

  const select = make("select", { "aria-label": t("editor.marks") });
  select.addEventListener("change", () => dispatch({ type: "choose", id: Number(select.value) }));
  const arrows = (["left", "up", "down", "right"] as const).map((direction: Direction) => ({
    direction,
    button: iconButton(direction, "", () => {
      const action = shown && nudge(shown, direction, { resize, fine: false, paper });
      if (action) dispatch(action);
    }),
  }));
  const size = iconButton("resize", t("editor.resize"), () => {
    resize = !resize;
    label();
  });
  const remove = iconButton("delete", t("editor.delete"), () => dispatch({ type: "delete" }));

  function label() {
    size.ariaPressed = String(resize);
    for (const { direction, button } of arrows) {
      setLabel(button, t(`editor.${names[resize ? "resize" : "move"][direction]}`));
    }
  }
  label();

  const buttons = arrows.map(({ button }) => button);
  // Arrow buttons keep the keyboard's order in right-to-left text too.
  const nudges = make("div", { class: "nudges", dir: "ltr" }, ...buttons);
  return {
    element: make("div", { class: "chosen-mark" }, select, nudges, size, remove),
    draw(state) {
      shown = state;
      const options = state.marks.map((mark, index) => {
        const tool = mark.text || t(`editor.${mark.tool}`);
        return make("option", { value: String(mark.id) }, t("editor.mark", { number: index + 1, tool }));
      });
      select.replaceChildren(make("option", { value: "" }, t("editor.noMark")), ...options);
      select.value = String(state.chosen ?? "");
      for (const button of [...buttons, size, remove]) setOff(button, !chosenOf(state));
    },
  };
}

/** Edits the selected text, or a new one at the chosen place. `onDone` is called when it is finished. */
export function createTextField({ dispatch, paper, t }: Parts, onDone: () => void): Part {
  let shown: State | undefined;
  const element = make("input", {
    class: "mark-text",
    type: "text",
    dir: "auto",
    maxlength: "80",
    autocomplete: "off",
    enterkeyhint: "done",
    "aria-label": t("editor.textLabel"),
    placeholder: t("editor.textPlaceholder"),
  });
  const markOf = (state: State | undefined) => {
    const chosen = state && chosenOf(state);
    return chosen?.tool === "text" ? chosen : undefined;
  };

  element.addEventListener("input", () => {
    const text = element.value;
    const mark = markOf(shown);
    if (mark && text) dispatch({ type: "change", mark: retold(mark, text, paper), run: "text" });
    else if (mark) {
      dispatch({ type: "delete" });
      dispatch({ type: "anchor", at: mark });
    } else if (text) {
      const drawn = markInMiddle("text", text, paper);
      const { x, y } = shown?.anchor ?? drawn;
      dispatch({ type: "add", mark: retold({ ...drawn, x, y }, text, paper) });
    }
  });
  element.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !isOfInputMethod(event)) onDone();
  });
  return {
    element,
    draw(state) {
      shown = state;
      const mark = markOf(state);
      element.hidden = state.tool !== "text" && !mark;
      const text = mark?.text ?? "";
      // Only if it differs: assigning would move the caret to the end.
      if (element.value !== text) element.value = text;
    },
  };
}
