import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import type { Host } from "./host.ts";

/** Whether the member can see the widget: this tab is the one in front, and the page has not taken the widget away. */
export function watchVisible(host: Host): { readonly value: ReadonlySignal<boolean>; stop(): void } {
  const isShown = signal(!document.hidden);
  const isAttached = signal(host.isAttached());
  const onVisibility = () => (isShown.value = !document.hidden);
  document.addEventListener("visibilitychange", onVisibility);
  const stopAttached = host.onAttached((attached) => (isAttached.value = attached));
  return {
    value: computed(() => isShown.value && isAttached.value),
    stop() {
      document.removeEventListener("visibilitychange", onVisibility);
      stopAttached();
    },
  };
}
