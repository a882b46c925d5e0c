import { effect, untracked } from "@preact/signals-core";
import type { WidgetModel } from "../core/widget.ts";

/** After this time the member sees that the widget waits for the gateway, and may choose another language. */
const waitMs = 300;

/**
 * Draws once the member and their capabilities are known. Until then the loader's frame shows placeholders: drawing
 * twice would take longer. Returns a function that stops it.
 */
export function drawWhenKnown(widget: InstanceType<typeof WidgetModel>, draw: () => void): () => void {
  let isDrawn = false;
  const timer = setTimeout(drawOnce, waitMs);
  const stop = effect(() => {
    const isWaiting = widget.open.value && widget.session.state.value.status === "connecting";
    if (!isWaiting) untracked(drawOnce);
  });
  function drawOnce() {
    if (isDrawn) return;
    isDrawn = true;
    draw();
  }
  return () => {
    clearTimeout(timer);
    stop();
  };
}
