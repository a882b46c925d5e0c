import { type ReadonlySignal, signal } from "@preact/signals-core";

/** Whether the browser is online. Updated until the signal aborts. */
export function watchOnline(life: AbortSignal): ReadonlySignal<boolean> {
  const online = signal(navigator.onLine);
  const listener = () => (online.value = navigator.onLine);
  for (const type of ["online", "offline"]) window.addEventListener(type, listener, { signal: life });
  return online;
}
