import { describe, expect, test } from "vitest";
import { begin, during, finish } from "../../src/pictures/editor/gestures.ts";
import { keyAction } from "../../src/pictures/editor/keys.ts";
import {
  type Mark,
  markBetween,
  moved,
  type Paper,
  type Point,
  resized,
  unitOf,
} from "../../src/pictures/editor/marks.ts";
import { type Action, chosenOf, reduce, start, type State } from "../../src/pictures/editor/state.ts";

/** Each letter is half as wide as the label is high. */
const paper: Paper = { width: 1000, height: 500, unit: 4, measure: (text, height) => (text.length * height) / 2 };
const at = (x: number, y: number): Point => ({ x, y });
const after = (state: State, ...actions: readonly Action[]): State => actions.reduce(reduce, state);

function drag(state: State, from: Point, to: Point): State {
  const travelled = Math.hypot(to.x - from.x, to.y - from.y);
  return reduce(state, finish(begin(state, from, 10), state, to, { paper, travelled, shake: 4 }));
}
const tap = (state: State, point: Point) => drag(state, point, point);
const boxOf = ({ x, y, width, height }: Mark) => [x, y, width, height];
const boxes = (state: State) => state.marks.map(boxOf);
const withTool = (tool: Mark["tool"]) => after(start, { type: "tool", tool });
const framed = drag(start, at(100, 100), at(300, 200));

describe("drawing", () => {
  test.each(["frame", "cover"] as const)("a %s can be drawn from any corner", (tool) => {
    expect(boxes(drag(withTool(tool), at(300, 200), at(100, 100)))).toEqual([[100, 100, 200, 100]]);
  });

  test("an arrow points from the start to the end of the drag", () => {
    expect(boxes(drag(withTool("arrow"), at(300, 200), at(100, 50)))).toEqual([[300, 200, -200, -150]]);
  });

  test("two taps draw the same as a drag, with every tool that has two ends", () => {
    for (const tool of ["frame", "arrow", "cover"] as const) {
      const dragged = drag(withTool(tool), at(100, 100), at(300, 200));
      const tapped = tap(tap(withTool(tool), at(100, 100)), at(300, 200));
      expect(boxes(tapped)).toEqual(boxes(dragged));
      expect(tapped.anchor).toBeUndefined();
    }
  });

  test("a small jitter counts as a tap, and two taps on one point draw nothing", () => {
    expect(drag(start, at(100, 100), at(102, 101)).marks).toEqual([]);
    expect(tap(tap(start, at(100, 100)), at(101, 100)).marks).toEqual([]);
  });

  test("a tap on a line selects the mark; inside a frame it starts a new one", () => {
    const other = drag(framed, at(600, 300), at(800, 400));
    expect(chosenOf(other)?.id).toBe(2);
    expect(chosenOf(tap(other, at(100, 150)))?.id).toBe(1);
    expect(tap(other, at(200, 150)).anchor).toEqual(at(200, 150));
    expect(drag(other, at(120, 120), at(200, 180)).marks).toHaveLength(3);
  });

  test("a mark is dragged by its line, and stays in the picture", () => {
    expect(boxes(drag(framed, at(200, 100), at(250, 130)))).toEqual([[150, 130, 200, 100]]);
    expect(boxes(drag(framed, at(200, 100), at(-900, 9000)))).toEqual([[0, 400, 200, 100]]);
  });

  test("a corner of the selected mark resizes it, even over other marks; an arrow has one handle at each end", () => {
    expect(boxes(drag(framed, at(300, 200), at(350, 300)))).toEqual([[100, 100, 250, 200]]);
    expect(boxes(drag(framed, at(100, 100), at(400, 300)))).toEqual([[300, 200, 100, 100]]);
    const arrow = drag(withTool("arrow"), at(100, 100), at(300, 200));
    expect(boxes(drag(arrow, at(100, 100), at(50, 40)))).toEqual([[50, 40, 250, 160]]);
    expect(boxes(drag(arrow, at(300, 200), at(310, 220)))).toEqual([[100, 100, 210, 120]]);
  });

  test("the mark is previewed while the pointer is down, and added when it is lifted", () => {
    const seen = during(begin(start, at(0, 0), 10), start, at(50, 50), paper);
    expect(seen).toMatchObject({ tool: "frame", width: 50, height: 50 });
  });
});

describe("the keyboard", () => {
  const press = (state: State, key: string, more: object = {}) => {
    const action = keyAction({ key, ...more } as KeyboardEvent, state, paper);
    return action ? reduce(state, action) : state;
  };

  test.each(["frame", "arrow", "cover"] as const)("Enter puts a %s in the middle", (tool) => {
    expect(boxes(press(withTool(tool), "Enter"))).toEqual([[375, 187.5, 250, 125]]);
  });

  test("Enter shows where a text will be", () => {
    expect(press(withTool("text"), "Enter").anchor).toMatchObject(at(375, 187.5));
  });

  test("arrow keys move the mark, with Shift by one pixel, and with Alt resize it", () => {
    expect(boxes(press(framed, "ArrowRight"))).toEqual([[117, 100, 200, 100]]);
    expect(boxes(press(framed, "ArrowUp", { shiftKey: true }))).toEqual([[100, 99, 200, 100]]);
    expect(boxes(press(framed, "ArrowDown", { altKey: true }))).toEqual([[100, 100, 200, 117]]);
    expect(boxes(press(framed, "ArrowLeft", { altKey: true, shiftKey: true }))).toEqual([[100, 100, 199, 100]]);
  });

  test("no number of steps moves a mark out of the picture or shrinks it to nothing", () => {
    let state = framed;
    for (let step = 0; step < 200; step++) state = press(press(state, "ArrowRight"), "ArrowUp", { altKey: true });
    expect(boxes(state)).toEqual([[800, 100, 200, 8]]);
  });

  test("Delete removes the selected mark and announces which", () => {
    const state = press(framed, "Delete");
    expect([state.marks, state.said?.key, state.said?.number]).toEqual([[], "editor.deleted", 1]);
    expect(press(state, "Delete")).toBe(state);
  });

  test("Escape cancels a first tap, and otherwise closes the dialog", () => {
    expect(press(tap(start, at(100, 100)), "Escape").anchor).toBeUndefined();
    expect(keyAction({ key: "Escape" } as KeyboardEvent, start, paper)).toBeUndefined();
  });

  test("the browser's shortcuts still work", () => {
    for (const key of ["ArrowLeft", "Enter", "Delete"]) {
      expect(keyAction({ key, ctrlKey: true } as KeyboardEvent, framed, paper)).toBeUndefined();
    }
  });
});

describe("undo", () => {
  test("undoes and redoes step by step", () => {
    const two = drag(framed, at(600, 300), at(800, 400));
    const none = after(two, { type: "undo" }, { type: "undo" }, { type: "undo" });
    expect(none.marks).toEqual([]);
    expect(boxes(after(none, { type: "redo" }, { type: "redo" }, { type: "redo" }))).toEqual(boxes(two));
  });

  test("groups repeated steps of one kind, and keeps others apart", () => {
    const mark = framed.marks[0]!;
    const move = (x: number): Action => ({ type: "change", mark: { ...mark, x }, run: "move" });
    const state = after(framed, move(110), move(120), { type: "change", mark: { ...mark, x: 130 }, run: "resize" });
    expect(boxes(after(state, { type: "undo" }))).toEqual([[120, 100, 200, 100]]);
    expect(boxes(after(state, { type: "undo" }, { type: "undo" }))).toEqual([[100, 100, 200, 100]]);
  });

  test("restores a deleted mark; a new mark clears what can be redone", () => {
    const back = after(framed, { type: "delete" }, { type: "undo" });
    expect(boxes(back)).toEqual(boxes(framed));
    const other = drag(after(framed, { type: "undo" }), at(0, 0), at(50, 50));
    expect(other.future).toEqual([]);
    expect(after(other, { type: "redo" })).toBe(other);
  });

  test("never reuses an id", () => {
    const again = drag(after(framed, { type: "undo" }), at(0, 0), at(50, 50));
    expect(again.marks[0]?.id).toBe(2);
  });
});

describe("a text", () => {
  const label = (text: string, x = 100) => markBetween("text", at(x, 100), at(x, 100), text, paper);

  test("is as wide as its letters", () => {
    expect(label("abcd")).toMatchObject({ height: 32, width: 64 });
  });

  test("at the edge is moved into the picture, and one that is too long is scaled down", () => {
    expect(label("abcd", 990).x).toBe(1000 - 64);
    const long = label("x".repeat(80));
    expect(long.width).toBeCloseTo(1000);
    expect(long.height).toBeCloseTo(25);
  });

  test("scales as a whole", () => {
    expect(resized(label("abcd"), 0, 8, paper)).toMatchObject({ height: 40, width: 80 });
    expect(resized(label("abcd"), -900, 0, paper)).toMatchObject({ height: 12 });
  });
});

test("a moved arrow keeps both ends in the picture", () => {
  const arrow = markBetween("arrow", at(300, 200), at(100, 50), "", paper);
  expect(moved(arrow, -900, -900, paper)).toMatchObject({ x: 200, y: 150, width: -200, height: -150 });
});

test("lines are visible in a large picture and on a small screen", () => {
  const desktop = { width: 1600, height: 1000 };
  expect(unitOf({ width: 400, height: 300 }, desktop)).toBe(2);
  expect(unitOf({ width: 4800, height: 3000 }, desktop)).toBe(20);
  expect(unitOf({ width: 1600, height: 1000 }, { width: 320, height: 600 })).toBe(12);
});
