/**
 * Events in the widget do not reach the page: its shortcuts, its smooth scrolling (which prevents the wheel), its own
 * drop area, its focus traps.
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

/** Stops them at the element. The listeners are removed with it. */
export function keepEventsInside(element: HTMLElement): void {
  for (const type of types) element.addEventListener(type, (event) => event.stopPropagation(), { passive: true });
  // A file dropped elsewhere would replace the page.
  for (const type of ["dragover", "drop"] as const) {
    element.addEventListener(type, (event) => {
      if (event.defaultPrevented || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "none";
    });
  }
}
