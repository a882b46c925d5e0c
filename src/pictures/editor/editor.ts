import type { Content } from "../dialog.ts";
import { make, setText } from "../dom.ts";
import { iconButton, setOff } from "../icon.ts";
import type { T } from "../texts.ts";
import { flatten, paperOf } from "./draw.ts";
import type { Parts } from "./parts.ts";
import { createQuestion } from "./question.ts";
import { saidText } from "./said.ts";
import { createStage } from "./stage.ts";
import { reduce, start, type State } from "./state.ts";
import { createChosenMark, createTextField, createTools } from "./toolbar.ts";
import { isOfInputMethod } from "../../keys.ts";

interface Options {
  /** The original, returned if nothing is drawn. */
  readonly file: File;
  readonly picture: HTMLCanvasElement;
  readonly name: string;
  readonly isJpeg: boolean;
  /** The picture was scaled down to the canvas limit. */
  readonly isSmaller: boolean;
  readonly t: T;
  readonly locale: string;
  readonly close: (result?: File) => void;
}

export function createEditor({ file, picture, name, isJpeg, isSmaller, t, locale, close }: Options): Content {
  let state: State = { ...start, said: isSmaller ? { key: "editor.smaller", size: picture } : undefined };
  let isSaving = false;
  let isAsking = false;
  const paper = paperOf(picture);
  const parts: Parts = {
    paper,
    t,
    dispatch(action) {
      state = reduce(state, action);
      draw();
    },
  };
  const { dispatch } = parts;

  const status = make("p", { id: "pictures-status", class: "hint", role: "status" });
  const problem = make("p", { class: "notice bad", role: "alert" });
  const field = createTextField(parts, () => stage.element.focus());
  const stage = createStage(picture, parts, () => field.element.focus());
  const tools = [field, createChosenMark(parts), createTools(parts)];
  const question = createQuestion(t, keep, () => close());
  const undo = iconButton("undo", t("editor.undo"), () => dispatch({ type: "undo" }));
  const redo = iconButton("redo", t("editor.redo"), () => dispatch({ type: "redo" }));
  const done = make("button", { type: "button", class: "primary" });
  done.addEventListener("click", () => void save());
  const title = make("h2", { id: "pictures-title" }, t("editor.title"));
  const cancel = iconButton("close", t("editor.cancel"), leave);
  const layout = make(
    "div",
    { class: "editor-layout" },
    make("div", { class: "pictures-bar" }, cancel, title, undo, redo, done),
    stage.element,
    make("div", { class: "deck" }, status, problem, question.element, ...tools.map(({ element }) => element)),
  );
  layout.addEventListener("keydown", (event) => {
    if (isOfInputMethod(event)) return;
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || event.target === field.element || (key !== "z" && key !== "y")) return;
    event.preventDefault();
    dispatch({ type: key === "y" || event.shiftKey ? "redo" : "undo" });
  });

  function draw() {
    setText(status, isAsking ? "" : saidText(state, paper, t, locale));
    setText(done, t(isSaving ? "editor.saving" : "editor.done"));
    setOff(undo, state.past.length === 0);
    setOff(redo, state.future.length === 0);
    question.element.hidden = !isAsking;
    stage.draw(state);
    for (const { element, draw: show } of tools) {
      element.hidden = false;
      show(state);
      if (isAsking) element.hidden = true;
    }
  }

  function keep() {
    isAsking = false;
    draw();
    stage.element.focus();
  }

  function leave() {
    if (isSaving) return;
    if (isAsking) keep();
    else if (state.marks.length === 0) close();
    else {
      isAsking = true;
      draw();
      question.focus();
    }
  }

  function report(text: string) {
    problem.hidden = text === "";
    setText(problem, text);
  }

  async function save() {
    if (isSaving) return;
    if (state.marks.length === 0) return close(file);
    isSaving = true;
    report("");
    draw();
    try {
      close(await flatten(picture, state.marks, { name, isJpeg }));
    } catch {
      report(t("editor.failed"));
    }
    isSaving = false;
    draw();
  }

  report("");
  draw();
  return { elements: [layout], first: stage.element, leave, stop: stage.stop };
}
