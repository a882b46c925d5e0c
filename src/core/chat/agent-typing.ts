import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import type { Author } from "../contract/adapter.ts";
import { onDispose } from "../delivery/on-dispose.ts";

/** A desk may never report that typing stopped: the browser was closed, or the event was lost. */
const shownMs = 30_000;

/** Who is typing now. Ends by itself without further events. Call it inside a model. */
export function createAgentTyping(): {
  readonly author: ReadonlySignal<Author | undefined>;
  set(author: Author | undefined): void;
} {
  const author = signal<Author | undefined>(undefined);
  let timer: ReturnType<typeof setTimeout> | undefined;
  onDispose(() => clearTimeout(timer));
  return {
    author: computed(() => author.value),
    set(now) {
      clearTimeout(timer);
      author.value = now;
      if (now) timer = setTimeout(() => (author.value = undefined), shownMs);
    },
  };
}
