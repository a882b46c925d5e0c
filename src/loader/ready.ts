import type { Call } from "./app.ts";

/** Notifies the page that the widget is ready. The app emits all other events. */
export function announceReady(calls: readonly Call[], signal: AbortSignal): void {
  queueMicrotask(() => {
    if (signal.aborted) return;
    const detail = { id: `${Math.random()}`, type: "ready", at: new Date().toISOString(), data: {} };
    for (const [, [type, listener]] of calls) {
      // In separate tasks: a listener that throws is the page's own error, and must not stop other listeners.
      if (type === "ready" && typeof listener === "function") queueMicrotask(() => void listener(detail));
    }
    window.dispatchEvent(new CustomEvent("podpora:ready", { detail }));
  });
}
