import { effect } from "@preact/signals-core";

/** Runs when the surrounding model is disposed of. */
export function onDispose(run: () => void): void {
  effect(() => run);
}
