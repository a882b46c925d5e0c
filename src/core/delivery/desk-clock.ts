import { type ReadonlySignal, signal } from "@preact/signals-core";

/** A device's own clock: milliseconds since the epoch. */
interface Device {
  now(): number;
}

/**
 * What time it is at the desk. All times of tickets and messages are the desk's, so a duration is the difference of two of
 * its times: this device's clock may be wrong, and may be set while the widget is open.
 */
export interface DeskClock {
  /** Milliseconds since the epoch. Until the desk has said what time it is: the device's. */
  now(): number;
  /** What the desk is ahead of this device, in milliseconds. */
  readonly offset: ReadonlySignal<number>;
  /** A server has just said what time it is there. */
  learn(serverMs: number): void;
}

/** An answer takes a moment, and its time is told in whole seconds: a smaller difference is none. */
const noiseMs = 3000;
const clocks = new WeakMap<Device, DeskClock>();

/** The one clock of the desk for this device. */
export function deskClock(device: Device): DeskClock {
  const known = clocks.get(device);
  if (known) return known;
  const offset = signal(0);
  const clock: DeskClock = {
    offset,
    now: () => device.now() + offset.value,
    learn(serverMs) {
      const seen = serverMs - device.now();
      if (Math.abs(seen - offset.peek()) > noiseMs) offset.value = seen;
    },
  };
  clocks.set(device, clock);
  return clock;
}
