import { computed, type ReadonlySignal, signal } from "@preact/signals-core";

/** Whether the member can see the widget: this tab is visible, and the widget is in the page. */
export function watchVisible(element: HTMLElement, life: AbortSignal): ReadonlySignal<boolean> {
  const isShown = signal(!document.hidden);
  const isAttached = signal(element.isConnected);
  const onVisibility = () => (isShown.value = !document.hidden);
  document.addEventListener("visibilitychange", onVisibility, { signal: life });
  for (const type of ["attach", "detach"]) {
    element.addEventListener(type, () => (isAttached.value = element.isConnected), { signal: life });
  }
  return computed(() => isShown.value && isAttached.value);
}
