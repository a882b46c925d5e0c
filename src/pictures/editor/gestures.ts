import { handlesOf, isHit, isLarge, type Mark, markBetween, moved, type Paper, type Point, pulled } from "./marks.ts";
import { type Action, chosenOf, type State } from "./state.ts";

/** What a drag does: move or resize an existing mark, or draw a new one. */
export type Gesture =
  | { readonly kind: "draw"; readonly from: Point; readonly second: boolean }
  | { readonly kind: "move"; readonly mark: Mark; readonly from: Point }
  | { readonly kind: "pull"; readonly mark: Mark; readonly from: Point; readonly handle: number };

/** In picture pixels. `reach` is the hit tolerance. */
export function begin(state: State, point: Point, reach: number): Gesture {
  const chosen = chosenOf(state);
  const handle = chosen ? handlesOf(chosen).findIndex((one) => distance(one, point) <= reach * 1.5) : -1;
  if (chosen && handle !== -1) return { kind: "pull", mark: chosen, from: point, handle };
  const mark = state.anchor ? undefined : state.marks.findLast((one) => isHit(one, point, reach));
  if (mark) return { kind: "move", mark, from: point };
  const isSecond = state.anchor !== undefined && state.tool !== "text";
  return { kind: "draw", from: isSecond && state.anchor ? state.anchor : point, second: isSecond };
}

/** The preview while the pointer is down; a new mark has no id. */
export function during(gesture: Gesture, state: State, to: Point, paper: Paper): Mark | Omit<Mark, "id"> | undefined {
  if (gesture.kind === "move") {
    return moved(gesture.mark, to.x - gesture.from.x, to.y - gesture.from.y, paper);
  }
  if (gesture.kind === "pull") return pulled(gesture.mark, gesture.handle, to, paper);
  return state.tool === "text" ? undefined : markBetween(state.tool, gesture.from, to, "", paper);
}

/** The action when the pointer is lifted. `travelled` is the drag distance; up to `shake` it counts as a tap. */
export function finish(
  gesture: Gesture,
  state: State,
  to: Point,
  { paper, travelled, shake }: { readonly paper: Paper; readonly travelled: number; readonly shake: number },
): Action {
  const isTap = travelled <= shake;
  const mark = during(gesture, state, to, paper);
  if (mark && "id" in mark) return isTap ? { type: "choose", id: mark.id } : { type: "change", mark };
  if (gesture.kind === "draw" && mark && (gesture.second || !isTap) && isLarge(mark, paper))
    return { type: "add", mark };
  return { type: "anchor", at: to };
}

const distance = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);
