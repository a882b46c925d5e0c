import { signal } from "@preact/signals";

let timer: ReturnType<typeof setInterval> | undefined;

/** Counts minutes while a time is on the screen that has to keep up with them. One timer for all of them. */
export const minute = signal(0, {
  watched() {
    timer = setInterval(() => (minute.value += 1), 60_000);
  },
  unwatched() {
    clearInterval(timer);
  },
});
