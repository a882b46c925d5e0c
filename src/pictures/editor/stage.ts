import { contextOf } from "../canvas.ts";
import { make } from "../dom.ts";
import { drawChosen, drawDot, drawMarks } from "./draw.ts";
import { begin, during, finish, type Gesture } from "./gestures.ts";
import { keyAction } from "./keys.ts";
import type { Mark, Point } from "./marks.ts";
import type { Part, Parts } from "./parts.ts";
import { chosenOf, type State } from "./state.ts";
import { isOfInputMethod } from "../../keys.ts";

/** Hit tolerance of finger and mouse, and hand jitter, in CSS pixels. */
const REACH = { touch: 18, mouse: 7 };
const SHAKE = 4;
/** Space around the picture, for handles that overlap its edge. */
const MARGIN = 16;

export interface Stage extends Part {
  stop(): void;
}

/** The picture, scaled to fit, with its marks. `onWrite`: the member pointed where a text should go. */
export function createStage(picture: HTMLCanvasElement, { paper, dispatch, t }: Parts, onWrite: () => void): Stage {
  const [below, above] = [make("canvas"), make("canvas")];
  const element = make(
    "div",
    {
      class: "pictures-stage",
      role: "application",
      "aria-label": t("editor.picture"),
      "aria-describedby": "pictures-status",
      tabindex: "0",
    },
    below,
    above,
  );
  let scale = 1;
  let shown: State | undefined;
  let held: { readonly gesture: Gesture; readonly down: Point; readonly pointer: number } | undefined;
  let isToWrite = false;

  function draw(state: State, drawn?: Mark | Omit<Mark, "id">) {
    shown = state;
    const context = fit(above, MARGIN / scale);
    const live = drawn && "id" in drawn ? drawn : undefined;
    const marks = state.marks.map((mark) => (mark.id === live?.id ? live : mark));
    context.save();
    context.beginPath();
    context.rect(0, 0, paper.width, paper.height);
    context.clip();
    drawMarks(context, drawn && !live ? [...marks, { ...drawn, id: 0 }] : marks, paper);
    context.restore();
    const chosen = live ?? (drawn ? undefined : chosenOf(state));
    if (chosen) drawChosen(context, chosen, scale);
    if (state.anchor && !drawn) drawDot(context, state.anchor, scale);
  }

  /** Clears a canvas and sizes it to the picture on the screen, in device pixels. */
  function fit(canvas: HTMLCanvasElement, margin: number): CanvasRenderingContext2D {
    const [width, height] = [paper.width + 2 * margin, paper.height + 2 * margin];
    canvas.width = Math.max(1, Math.round(width * scale * devicePixelRatio));
    canvas.height = Math.max(1, Math.round(height * scale * devicePixelRatio));
    canvas.style.inlineSize = `${width * scale}px`;
    canvas.style.blockSize = `${height * scale}px`;
    const context = contextOf(canvas);
    context.scale(canvas.width / width, canvas.height / height);
    context.translate(margin, margin);
    return context;
  }

  const observer = new ResizeObserver(() => {
    const room = { width: element.clientWidth - 2 * MARGIN, height: element.clientHeight - 2 * MARGIN };
    scale = Math.max(0.01, Math.min(1, room.width / paper.width, room.height / paper.height));
    fit(below, 0).drawImage(picture, 0, 0);
    if (shown) draw(shown);
  });
  observer.observe(element);

  function pointOf(event: PointerEvent): Point {
    const box = below.getBoundingClientRect();
    const within = (value: number, room: number) => Math.max(0, Math.min(room, value / scale));
    return { x: within(event.clientX - box.x, paper.width), y: within(event.clientY - box.y, paper.height) };
  }

  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || held || !shown) return;
    const down = pointOf(event);
    const reach = event.pointerType === "mouse" ? REACH.mouse : REACH.touch;
    element.setPointerCapture(event.pointerId);
    held = { gesture: begin(shown, down, reach / scale), down, pointer: event.pointerId };
  });
  element.addEventListener("pointermove", (event) => {
    if (held?.pointer !== event.pointerId || !shown) return;
    draw(shown, during(held.gesture, shown, pointOf(event), paper));
  });
  element.addEventListener("pointerup", (event) => {
    if (held?.pointer !== event.pointerId || !shown) return;
    const to = pointOf(event);
    const travelled = Math.hypot(to.x - held.down.x, to.y - held.down.y);
    const action = finish(held.gesture, shown, to, { paper, travelled, shake: SHAKE / scale });
    isToWrite = action.type === "anchor" && shown.tool === "text";
    held = undefined;
    dispatch(action);
  });
  element.addEventListener("pointercancel", () => {
    held = undefined;
    if (shown) draw(shown);
  });
  element.addEventListener("click", () => {
    // `click` is the last event of a tap, so the text field keeps the focus.
    if (isToWrite) onWrite();
    isToWrite = false;
  });
  element.addEventListener("keydown", (event) => {
    const action = shown && !isOfInputMethod(event) ? keyAction(event, shown, paper) : undefined;
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    dispatch(action);
    if (action.type === "anchor" && action.at) onWrite();
  });

  return { element, draw, stop: () => observer.disconnect() };
}
