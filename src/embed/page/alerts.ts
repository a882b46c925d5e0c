import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { Storage } from "../../core/delivery/storage.ts";

export interface Alerts {
  /** The member wants to be told with a sound and, if the browser may, with a notification. */
  readonly wanted: ReadonlySignal<boolean>;
  /** Within a click: a browser asks the member only then. */
  want(wanted: boolean): Promise<void>;
  /** Says it once, whichever of the site's tabs come to know of it. */
  tell(id: string, title: string): Promise<void>;
}

const key = "alerts";
const toldKey = "alerted";
const beepHz = [880, 1320];
const beepSeconds = 0.14;

export function createAlerts(storage: Storage): Alerts {
  const wanted = signal(false);
  let audio: AudioContext | undefined;
  storage.get(key).then(
    (stored) => (wanted.value = stored === true),
    () => undefined,
  );

  /** Two short tones, made here: no file to be fetched, nothing for a content policy to allow. */
  function beep() {
    audio ??= new AudioContext();
    const { currentTime, destination } = audio;
    beepHz.forEach((frequency, index) => {
      const start = currentTime + index * beepSeconds;
      const tone = new OscillatorNode(audio as AudioContext, { frequency });
      const volume = new GainNode(audio as AudioContext, { gain: 0.08 });
      tone.connect(volume).connect(destination);
      tone.start(start);
      tone.stop(start + beepSeconds);
    });
  }

  return {
    wanted,
    async want(now) {
      wanted.value = now;
      void storage.set(key, now).catch(() => undefined);
      if (!now) return;
      // Made within the click, it may sound later.
      audio ??= new AudioContext();
      if ("Notification" in window && Notification.permission === "default") await Notification.requestPermission();
    },
    async tell(id, title) {
      if (!wanted.peek()) return;
      let isFirst = false;
      await storage
        .update(toldKey, (before) => {
          isFirst = before !== id;
          return id;
        })
        .catch(() => (isFirst = true));
      if (!isFirst) return;
      beep();
      if (document.hidden && "Notification" in window && Notification.permission === "granted") {
        const shown = new Notification(title);
        shown.addEventListener("click", () => window.focus());
      }
    },
  };
}
