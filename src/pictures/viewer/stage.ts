import { contextOf, type Size } from "../canvas.ts";
import { make } from "../dom.ts";
import { panned, type Point, type View, zoomed } from "./zoom.ts";

interface StageOptions {
  /** The current picture and view; undefined while there is none. */
  current(): { readonly picture: Size; readonly view: View } | undefined;
  onView(view: View): void;
  onRoom(): void;
  /** Called on a double tap or double click. */
  onToggle(at: Point): void;
}

export interface Stage {
  readonly element: HTMLElement;
  room(): Size;
  draw(bitmap: ImageBitmap | undefined, view: View): void;
  stop(): void;
}

const WHEEL_STEP = 0.002;

/** Pans with one pointer, zooms with two or the wheel. */
export function createStage({ current, onView, onRoom, onToggle }: StageOptions): Stage {
  const canvas = make("canvas");
  const element = make("div", { class: "pictures-stage", role: "img", tabindex: "0" }, canvas);
  const pointers = new Map<number, Point>();
  const room = () => ({ width: Math.max(1, element.clientWidth), height: Math.max(1, element.clientHeight) });

  function pointIn({ clientX, clientY }: MouseEvent): Point {
    const box = element.getBoundingClientRect();
    return { x: clientX - box.x, y: clientY - box.y };
  }

  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    element.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, pointIn(event));
  });
  element.addEventListener("pointermove", (event) => {
    const seen = current();
    const before = pointers.get(event.pointerId);
    if (!seen || !before) return;
    const to = pointIn(event);
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    pointers.set(event.pointerId, to);
    const [dx, dy] = [to.x - before.x, to.y - before.y];
    if (!other) return onView(panned(seen.view, dx, dy, seen.picture, room()));
    const wider = distance(to, other) / Math.max(1, distance(before, other));
    const middle = { x: (to.x + other.x) / 2, y: (to.y + other.y) / 2 };
    const larger = zoomed(seen.view, seen.view.scale * wider, middle, seen.picture, room());
    onView(panned(larger, dx / 2, dy / 2, seen.picture, room()));
  });
  for (const type of ["pointerup", "pointercancel"] as const)
    element.addEventListener(type, (event) => pointers.delete(event.pointerId));
  element.addEventListener("dblclick", (event) => onToggle(pointIn(event)));
  element.addEventListener("wheel", (event) => {
    event.preventDefault();
    const seen = current();
    if (!seen) return;
    const { view, picture } = seen;
    if (!event.ctrlKey) return onView(panned(view, -event.deltaX, -event.deltaY, picture, room()));
    const wanted = view.scale * Math.exp(-event.deltaY * WHEEL_STEP);
    onView(zoomed(view, wanted, pointIn(event), picture, room()));
  });
  const observer = new ResizeObserver(onRoom);
  observer.observe(element);

  return {
    element,
    room,
    draw(bitmap, view) {
      const { width, height } = room();
      canvas.width = Math.round(width * devicePixelRatio);
      canvas.height = Math.round(height * devicePixelRatio);
      canvas.style.inlineSize = `${width}px`;
      canvas.style.blockSize = `${height}px`;
      if (!bitmap) return;
      const context = contextOf(canvas);
      context.scale(devicePixelRatio, devicePixelRatio);
      context.drawImage(bitmap, view.x, view.y, bitmap.width * view.scale, bitmap.height * view.scale);
    },
    stop: () => observer.disconnect(),
  };
}

const distance = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);
