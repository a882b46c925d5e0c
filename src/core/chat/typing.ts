import { effect } from "@preact/signals-core";

const idleMs = 5_000;

/** Sends once that the member is typing, and once that they stopped. Call it inside a model. */
export function createTyping(tell: (typing: boolean) => void): { touch(typing: boolean): void } {
  let typing = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  effect(() => () => clearTimeout(timer));

  function set(now: boolean) {
    clearTimeout(timer);
    if (now) timer = setTimeout(() => set(false), idleMs);
    if (now === typing) return;
    typing = now;
    tell(now);
  }
  return { touch: set };
}
