const tonesHz = [880, 1320];
const toneSeconds = 0.14;

/**
 * Two short generated tones: no file to fetch, and no content policy to change. Without audio, or if the browser
 * refuses it, nothing is heard.
 */
export function createBeep() {
  let audio: AudioContext | undefined;

  function context(): AudioContext | undefined {
    try {
      audio ??= new AudioContext();
    } catch {
      return undefined;
    }
    return audio;
  }

  return {
    /** Created within a click, it may play later. */
    prepare: () => void context(),
    sound() {
      const now = context();
      if (!now) return;
      try {
        tonesHz.forEach((frequency, index) => {
          const start = now.currentTime + index * toneSeconds;
          const tone = new OscillatorNode(now, { frequency });
          const volume = new GainNode(now, { gain: 0.08 });
          tone.connect(volume).connect(now.destination);
          tone.start(start);
          tone.stop(start + toneSeconds);
        });
      } catch {
        // A context that the browser has closed.
      }
    },
    stop() {
      audio?.close().catch(() => undefined);
      audio = undefined;
    },
  };
}
