/**
 * What the member does in the widget is nothing to the page: its shortcuts, its smooth scrolling (which prevents the
 * wheel), its own drop area, its traps for the focus.
 */
const types = [
  "keydown",
  "keyup",
  "keypress",
  "wheel",
  "touchmove",
  "paste",
  "copy",
  "cut",
  "contextmenu",
  "selectstart",
  "dragenter",
  "dragover",
  "dragleave",
  "drop",
  "focusin",
] as const;

/** Keeps them inside of the element. The listeners go with it. */
export function keepEventsInside(element: HTMLElement): void {
  for (const type of types) element.addEventListener(type, (event) => event.stopPropagation(), { passive: true });
  // A file that is dropped where none is taken would replace the page.
  for (const type of ["dragover", "drop"] as const) {
    element.addEventListener(type, (event) => {
      if (event.defaultPrevented || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "none";
    });
  }
}
