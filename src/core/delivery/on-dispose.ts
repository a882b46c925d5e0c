import { effect } from "@preact/signals-core";

/** Runs when the model that it is called in is disposed of. */
export function onDispose(run: () => void): void {
  effect(() => run);
}
