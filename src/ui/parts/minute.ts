import { signal } from "@preact/signals";

let timer: ReturnType<typeof setInterval> | undefined;

/** Counts minutes while a relative time is on the screen. All of them share one timer. */
export const minute = signal(0, {
  watched() {
    timer = setInterval(() => (minute.value += 1), 60_000);
  },
  unwatched() {
    clearInterval(timer);
  },
});
