import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { Storage } from "../../core/delivery/storage.ts";
import { createBeep } from "./beep.ts";
import { askToNotify, notify } from "./notification.ts";

export interface Alerts {
  /** The member has turned on alerts: a sound and, if the browser allows it, a notification. */
  readonly wanted: ReadonlySignal<boolean>;
  /** Call it within a click: otherwise the browser does not ask the member. */
  want(wanted: boolean): Promise<void>;
  /** Alerts the member once, whichever of the site's tabs receive the message; without storage, once per tab. */
  tell(id: string, title: string): Promise<void>;
  stop(): void;
}

const key = "alerts";
const toldKey = "alerted";
/** A tab that lags behind the others by more than this alerts again. */
const toldLimit = 50;

export function createAlerts(storage: Storage): Alerts {
  const wanted = signal(false);
  const beep = createBeep();
  /** The alerts of this tab, in case the storage refuses. */
  let told: readonly string[] = [];
  let isStopped = false;
  /** A choice that the member makes while the storage is read is newer. */
  let choices = 0;

  async function read() {
    const before = choices;
    const stored = await storage.get(key).catch(() => undefined);
    if (choices === before) wanted.value = stored === true;
  }
  void read();
  const stopWatching = storage.watch(key, () => void read());

  /** Whether no tab has alerted yet. */
  async function isFirst(id: string): Promise<boolean> {
    if (told.includes(id)) return false;
    told = [...told, id].slice(-toldLimit);
    let first = true;
    await storage
      .update(toldKey, (stored) => {
        const before: readonly unknown[] = Array.isArray(stored) ? stored : [];
        first = !before.includes(id);
        return first ? [...before, id].slice(-toldLimit) : before;
      })
      .catch(() => undefined);
    return first;
  }

  return {
    wanted,
    async want(now) {
      choices += 1;
      wanted.value = now;
      void storage.set(key, now).catch(() => undefined);
      if (!now) return;
      beep.prepare();
      await askToNotify();
    },
    async tell(id, title) {
      if (!wanted.peek() || !(await isFirst(id)) || isStopped) return;
      beep.sound();
      if (document.hidden) notify(title);
    },
    stop() {
      isStopped = true;
      stopWatching();
      beep.stop();
    },
  };
}
