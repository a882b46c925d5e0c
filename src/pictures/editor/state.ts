import type { Size } from "../canvas.ts";
import type { Key } from "../texts.ts";
import type { Mark, Point, Tool } from "./marks.ts";

/** A message to the member: a text, and a snapshot of the mark it is about. */
export interface Said {
  readonly key: Key;
  readonly mark?: Mark;
  readonly number?: number;
  /** The size in which the picture is saved. */
  readonly size?: Size;
}

export interface State {
  readonly marks: readonly Mark[];
  readonly past: readonly (readonly Mark[])[];
  readonly future: readonly (readonly Mark[])[];
  readonly tool: Tool;
  /** The id of the selected mark. */
  readonly chosen: number | undefined;
  /** The start of an unfinished mark, or the place of a text not written yet. */
  readonly anchor: Point | undefined;
  readonly said: Said | undefined;
  /** Groups consecutive changes of the same kind to one mark into one undo step. */
  readonly run: string | undefined;
  readonly nextId: number;
}

export type Action =
  | { readonly type: "tool"; readonly tool: Tool }
  | { readonly type: "anchor"; readonly at: Point | undefined }
  | { readonly type: "choose"; readonly id: number | undefined }
  | { readonly type: "add"; readonly mark: Omit<Mark, "id"> }
  | { readonly type: "change"; readonly mark: Mark; readonly run?: string }
  | { readonly type: "delete" | "undo" | "redo" };

export const start: State = {
  marks: [],
  past: [],
  future: [],
  tool: "frame",
  chosen: undefined,
  anchor: undefined,
  said: undefined,
  run: undefined,
  nextId: 1,
};

export const chosenOf = ({ marks, chosen }: State) => marks.find(({ id }) => id === chosen);

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case "tool":
      return { ...state, tool: action.tool, anchor: undefined, said: undefined };
    case "anchor":
      return { ...state, anchor: action.at, chosen: undefined, said: action.at && sayingOf(state.tool) };
    case "choose":
      return choose(state, action.id);
    case "add":
      return add(state, action.mark);
    case "change":
      return change(state, action.mark, action.run);
    case "delete":
      return remove(state);
    case "undo":
      return undo(state);
    case "redo":
      return redo(state);
  }
}

const sayingOf = (tool: Tool): Said | undefined => (tool === "text" ? undefined : { key: "editor.second" });

const about = (key: Key, marks: readonly Mark[], mark: Mark): Said => ({
  key,
  mark,
  number: marks.findIndex(({ id }) => id === mark.id) + 1,
});

function choose(state: State, id: number | undefined): State {
  const mark = state.marks.find((one) => one.id === id);
  const said = mark && about("editor.chosen", state.marks, mark);
  return { ...state, chosen: mark?.id, anchor: undefined, run: undefined, said };
}

/** Adds an undo step. */
function step(state: State, marks: readonly Mark[], run?: string): State {
  const goesOn = run !== undefined && run === state.run;
  return { ...state, marks, past: goesOn ? state.past : [...state.past, state.marks], future: [], run };
}

function add(state: State, drawn: Omit<Mark, "id">): State {
  const mark = { ...drawn, id: state.nextId };
  const marks = [...state.marks, mark];
  const run = mark.tool === "text" ? `text ${mark.id}` : undefined;
  return {
    ...step(state, marks, run),
    nextId: state.nextId + 1,
    chosen: mark.id,
    anchor: undefined,
    said: about("editor.added", marks, mark),
  };
}

function change(state: State, mark: Mark, way?: string): State {
  const marks = state.marks.map((one) => (one.id === mark.id ? mark : one));
  const said = way === "text" ? undefined : about("editor.place", marks, mark);
  return { ...step(state, marks, way && `${way} ${mark.id}`), chosen: mark.id, anchor: undefined, said };
}

function remove(state: State): State {
  const mark = chosenOf(state);
  if (!mark) return state;
  const marks = state.marks.filter((one) => one !== mark);
  return { ...step(state, marks), chosen: undefined, said: about("editor.deleted", state.marks, mark) };
}

function undo(state: State): State {
  const marks = state.past.at(-1);
  if (!marks) return state;
  const back = { marks, past: state.past.slice(0, -1), future: [state.marks, ...state.future] };
  return { ...state, ...back, ...still(state, marks), said: { key: "editor.undone" } };
}

function redo(state: State): State {
  const [marks, ...future] = state.future;
  if (!marks) return state;
  return {
    ...state,
    marks,
    future,
    past: [...state.past, state.marks],
    ...still(state, marks),
    said: { key: "editor.redone" },
  };
}

/** Keeps the selection if the mark still exists. */
const still = ({ chosen }: State, marks: readonly Mark[]) => ({
  chosen: marks.some(({ id }) => id === chosen) ? chosen : undefined,
  anchor: undefined,
  run: undefined,
});
