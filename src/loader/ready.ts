import type { Call } from "./app.ts";

/** Tells the page that the widget is on it. Other events are the app's. */
export function announceReady(calls: readonly Call[], signal: AbortSignal): void {
  queueMicrotask(() => {
    if (signal.aborted) return;
    const detail = { id: `${Math.random()}`, type: "ready", at: new Date().toISOString(), data: {} };
    for (const [, [type, listener]] of calls) {
      // In tasks of their own: one that throws is the page's own error, and keeps nobody else from hearing it.
      if (type === "ready" && typeof listener === "function") queueMicrotask(() => void listener(detail));
    }
    window.dispatchEvent(new CustomEvent("podpora:ready", { detail }));
  });
}
