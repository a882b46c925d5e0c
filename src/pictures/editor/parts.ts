import type { T } from "../texts.ts";
import type { Paper } from "./marks.ts";
import type { Action, State } from "./state.ts";

/** Dependencies shared by all parts of the editor. */
export interface Parts {
  readonly paper: Paper;
  readonly t: T;
  dispatch(action: Action): void;
}

export interface Part {
  readonly element: HTMLElement;
  /** Renders the state; called after every change. */
  draw(state: State): void;
}
