import { isLarge, markInMiddle, moved, type Paper, resized } from "./marks.ts";
import { type Action, chosenOf, type State } from "./state.ts";

export const directions = { up: [0, -1], down: [0, 1], left: [-1, 0], right: [1, 0] } as const;
export type Direction = keyof typeof directions;

const arrows: Readonly<Record<string, Direction>> = {
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "left",
  ArrowRight: "right",
};
/** One step, as a fraction of the longer side. */
const STEP = 1 / 60;

/** Moves the selected mark, or its end. A fine step is one picture pixel. */
export function nudge(
  state: State,
  direction: Direction,
  { resize, fine, paper }: { readonly resize: boolean; readonly fine: boolean; readonly paper: Paper },
): Action | undefined {
  const mark = chosenOf(state);
  if (!mark) return undefined;
  const step = fine ? 1 : Math.max(1, Math.round(Math.max(paper.width, paper.height) * STEP));
  const [x, y] = directions[direction];
  const change = resize ? resized : moved;
  return { type: "change", mark: change(mark, x * step, y * step, paper), run: resize ? "resize" : "move" };
}

/** Handles a key pressed while the picture has the focus. */
export function keyAction(event: KeyboardEvent, state: State, paper: Paper): Action | undefined {
  const { key, altKey, shiftKey, ctrlKey, metaKey } = event;
  if (ctrlKey || metaKey) return undefined;
  const direction = arrows[key];
  if (direction) return nudge(state, direction, { resize: altKey, fine: shiftKey, paper });
  if (key === "Delete" || key === "Backspace") return { type: "delete" };
  if (key === "Escape" && state.anchor) return { type: "anchor", at: undefined };
  if (key !== "Enter") return undefined;
  const mark = markInMiddle(state.tool, "", paper);
  return isLarge(mark, paper) ? { type: "add", mark } : { type: "anchor", at: mark };
}
