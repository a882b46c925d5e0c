import { useEffect, useLayoutEffect } from "preact/hooks";
import { useUi } from "./context.ts";
import { useSheet } from "./use-sheet.ts";

/** Keeps the dialog element in step with the widget: open, name, modality, room for a phone's keyboard. */
export function useFrame(): void {
  const { widget, i18n, view, frame } = useUi();
  const open = widget.open.value;
  const floats = view === "widget";
  const isModal = useSheet(frame, open && floats);

  useLayoutEffect(() => {
    frame.hidden = !open;
  }, [open]);
  useLayoutEffect(() => {
    frame.removeAttribute("aria-busy");
    frame.removeAttribute("aria-label");
    frame.setAttribute("aria-labelledby", "panel-title");
  }, []);
  useLayoutEffect(() => {
    frame.lang = i18n.locale.value;
  }, [i18n.locale.value]);
  useEffect(() => {
    if (!isModal) return undefined;
    frame.setAttribute("aria-modal", "true");
    frame.addEventListener("keydown", keepInside);
    return () => {
      frame.removeAttribute("aria-modal");
      frame.removeEventListener("keydown", keepInside);
    };
  }, [isModal]);
  useKeyboardInset(frame);
}

function keepInside(event: KeyboardEvent) {
  const { currentTarget: frame } = event;
  const root = frame instanceof HTMLElement ? frame.getRootNode() : undefined;
  if (event.key !== "Tab" || !(frame instanceof HTMLElement) || !(root instanceof ShadowRoot)) return;
  const inside = [
    ...frame.querySelectorAll<HTMLElement>("a[href], button:not(:disabled), input, select, textarea, [tabindex]"),
  ].filter((element) => element.tabIndex >= 0 && element.checkVisibility());
  const [from, to] = event.shiftKey ? [inside[0], inside.at(-1)] : [inside.at(-1), inside[0]];
  const here = root.activeElement;
  if (here !== from && (here !== frame || !event.shiftKey)) return;
  event.preventDefault();
  to?.focus();
}

/** Keeps the sheet above a phone's keyboard, which covers the page without resizing it. */
function useKeyboardInset(frame: HTMLElement) {
  useEffect(() => {
    const viewport = window.visualViewport;
    if (!viewport) return undefined;
    const set = () => frame.style.setProperty("--visible-height", `${viewport.height}px`);
    set();
    viewport.addEventListener("resize", set);
    return () => viewport.removeEventListener("resize", set);
  }, []);
}
