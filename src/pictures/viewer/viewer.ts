import type { Content } from "../dialog.ts";
import { make, setText } from "../dom.ts";
import type { ViewedPicture } from "../host.ts";
import { icon, iconButton, setLabel, setOff, whenOn } from "../icon.ts";
import type { T } from "../texts.ts";
import { createLoader, type Shown } from "./loader.ts";
import { createStage } from "./stage.ts";
import { fitted, overflows, panned, type Point, type View, zoomed } from "./zoom.ts";
import { isOfInputMethod } from "../../keys.ts";

interface Options {
  readonly pictures: readonly ViewedPicture[];
  readonly start: number;
  readonly t: T;
  readonly locale: string;
  readonly isRightToLeft: boolean;
  readonly close: () => void;
}

const ZOOM_STEP = 1.5;
const PAN_STEP = 60;
/** The picture moves opposite to the key: x, y. */
const arrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [1, 0],
  ArrowRight: [-1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

export function createViewer({ pictures, start, t, locale, isRightToLeft, close }: Options): Content {
  let index = start;
  let shown: Shown = { status: "loading" };
  let view: View = { scale: 1, x: 0, y: 0 };
  const percent = new Intl.NumberFormat(locale, { style: "percent" });

  const stage = createStage({
    current: () => (shown.status === "shown" ? { picture: shown.bitmap, view } : undefined),
    onView: look,
    onRoom: refit,
    onToggle: toggle,
  });
  // `bdi`: the name keeps its own text direction.
  const title = make("bdi");
  const position = make("p", { class: "meta", role: "status" });
  const smaller = iconButton("zoomOut", t("viewer.zoomOut"), () => zoom(view.scale / ZOOM_STEP));
  const larger = iconButton("zoomIn", t("viewer.zoomIn"), () => zoom(view.scale * ZOOM_STEP));
  const scale = make("button", { type: "button", class: "zoom" });
  whenOn(scale, toggle);
  const saving = iconButton("save", "", () => "blob" in shown && save(shown.blob, pictures[index]?.name ?? ""));
  const message = make("p", { role: "status" });
  const retry = make("button", { type: "button", class: "secondary" }, t("viewer.retry"));
  retry.addEventListener("click", () => go(index));
  const messages = make("div", { class: "viewer-message" }, message, retry);
  const turns = (["back", "forth"] as const).map((name) => {
    const label = t(name === "back" ? "viewer.previous" : "viewer.next");
    const button = make(
      "button",
      { type: "button", class: `turn ${name}`, "aria-label": label, title: label },
      icon(name),
    );
    button.addEventListener("click", () => go(index + (name === "back" ? -1 : 1)));
    return button;
  });
  const loader = createLoader((next) => {
    shown = next;
    refit();
  });

  function go(to: number) {
    const picture = pictures[to];
    if (!picture) return;
    const { name } = picture;
    index = to;
    setText(title, name);
    setText(position, pictures.length > 1 ? t("viewer.position", { number: to + 1, count: pictures.length }) : "");
    setLabel(saving, t("viewer.download", { name }));
    stage.element.ariaLabel = t("viewer.picture", { name });
    turns.forEach((turn, side) => hide(turn, to === (side === 0 ? 0 : pictures.length - 1)));
    loader.show(picture);
  }

  /** Hiding a focused button would lose the focus. */
  function hide(button: HTMLButtonElement, isHidden: boolean) {
    if (isHidden && button.matches(":focus")) stage.element.focus();
    button.hidden = isHidden;
  }

  function refit() {
    if (shown.status === "shown") view = fitted(shown.bitmap, stage.room());
    draw();
  }

  function look(next: View) {
    view = next;
    draw();
  }

  const isFitted = () => shown.status === "shown" && view.scale <= fitted(shown.bitmap, stage.room()).scale;

  function draw() {
    const { status } = shown;
    const isShown = status === "shown";
    stage.draw(shown.status === "shown" ? shown.bitmap : undefined, view);
    hide(retry, status !== "failed");
    messages.hidden = isShown;
    setText(message, status === "shown" ? "" : t(`viewer.${status}`));
    const size = isShown ? percent.format(view.scale) : "";
    setText(scale, size);
    setLabel(scale, `${size} ${t(isFitted() ? "viewer.actual" : "viewer.fit")}`);
    setOff(smaller, !isShown || isFitted());
    for (const button of [larger, scale]) setOff(button, !isShown);
    setOff(saving, !("blob" in shown));
  }

  function zoom(wanted: number, at?: Point) {
    if (shown.status !== "shown") return;
    const room = stage.room();
    look(zoomed(view, wanted, at ?? { x: room.width / 2, y: room.height / 2 }, shown.bitmap, room));
  }

  function toggle(at?: Point) {
    // A picture that fits at full size is enlarged beyond it.
    if (isFitted()) zoom(view.scale < 1 ? 1 : 2, at);
    else refit();
  }

  const keys: Readonly<Record<string, () => void>> = {
    "+": () => zoom(view.scale * ZOOM_STEP),
    "=": () => zoom(view.scale * ZOOM_STEP),
    "-": () => zoom(view.scale / ZOOM_STEP),
    "0": () => zoom(1),
    PageDown: () => go(index + 1),
    PageUp: () => go(index - 1),
  };

  /** Pans if the picture overflows, otherwise goes to the previous or next one. */
  function push(x: number, y: number) {
    const more = shown.status === "shown" && overflows(view, shown.bitmap, stage.room());
    if (shown.status === "shown" && more && (x === 0 ? more.y : more.x)) {
      look(panned(view, x * PAN_STEP, y * PAN_STEP, shown.bitmap, stage.room()));
    } else if (x !== 0) go(index + (isRightToLeft ? x : -x));
  }

  const titles = make("div", { class: "viewer-title" }, make("h2", { id: "pictures-title" }, title), position);
  const leave = iconButton("close", t("viewer.close"), close);
  const bar = make("div", { class: "pictures-bar" }, leave, titles, smaller, scale, larger, saving);
  const body = make("div", { class: "viewer-body" }, stage.element, messages, ...turns);
  const layout = make("div", { class: "viewer-layout" }, bar, body);
  layout.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isOfInputMethod(event)) return;
    const arrow = arrows[event.key];
    const act = arrow ? () => push(...arrow) : keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  go(start);
  return {
    elements: [layout],
    first: stage.element,
    leave: close,
    stop() {
      stage.stop();
      loader.stop();
    },
  };
}

function save(blob: Blob, name: string) {
  const link = make("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
