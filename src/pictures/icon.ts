import { make } from "./dom.ts";

const paths = {
  close: "M6 6l12 12M18 6L6 18",
  back: "M15 5l-7 7 7 7",
  forth: "M9 5l7 7-7 7",
  undo: "M9 7L4 12l5 5M4 12h10a6 6 0 0 1 6 6",
  redo: "M15 7l5 5-5 5M20 12H10a6 6 0 0 0-6 6",
  frame: "M4 6h16v12H4z",
  arrow: "M5 19L19 5M10 5h9v9",
  text: "M5 8V5h14v3M12 5v14M9 19h6",
  cover: "M4 7h16v10H4zM5 10h14M5 12h14M5 14h14M5 16h14M5 8h14",
  up: "M12 19V5M6 11l6-6 6 6",
  down: "M12 5v14M6 13l6 6 6-6",
  left: "M19 12H5M11 6l-6 6 6 6",
  right: "M5 12h14M13 6l6 6-6 6",
  resize: "M4 10V4h6M4 4l7 7M20 14v6h-6M20 20l-7-7",
  delete: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10 11v5M14 11v5",
  zoomIn: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l4 4M8 11h6M11 8v6",
  zoomOut: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l4 4M8 11h6",
  save: "M12 4v11M7 10l5 5 5-5M5 20h14",
} as const;

export type IconName = keyof typeof paths;

/** Decorative. Previous and next arrows are mirrored in right-to-left text. */
export function icon(name: IconName): SVGSVGElement {
  const draw = (tag: "svg" | "path", attributes: Readonly<Record<string, string>>) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  const svg = draw("svg", { width: "20", height: "20", viewBox: "0 0 24 24", "aria-hidden": "true" }) as SVGSVGElement;
  svg.classList.add("icon", ...(name === "back" || name === "forth" ? ["turns"] : []));
  const line = { fill: "none", stroke: "currentColor", "stroke-width": "1.75" };
  svg.append(draw("path", { d: paths[name], ...line, "stroke-linecap": "round", "stroke-linejoin": "round" }));
  return svg;
}

/** A button that keeps its place, and the focus if it has it, while disabled: `setOff`. */
export function iconButton(name: IconName, label: string, onClick: () => void): HTMLButtonElement {
  const button = make("button", { type: "button", class: "icon-button" }, icon(name));
  setLabel(button, label);
  whenOn(button, onClick);
  return button;
}

export function whenOn(button: HTMLButtonElement, onClick: () => void): void {
  button.addEventListener("click", () => button.ariaDisabled !== "true" && onClick());
}

export function setLabel(button: HTMLButtonElement, label: string): void {
  button.ariaLabel = button.title = label;
}

export function setOff(button: HTMLButtonElement, isOff: boolean): void {
  button.ariaDisabled = String(isOff);
}
