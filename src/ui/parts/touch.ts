/** True on a touch keyboard, which has no Shift+Enter: there Return breaks the line and only the button sends. */
export const isTouch = (): boolean =>
  typeof matchMedia === "function" && matchMedia("(hover: none) and (pointer: coarse)").matches;
