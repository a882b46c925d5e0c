import { type ReadonlySignal, signal } from "@preact/signals-core";

/** A device's own clock: milliseconds since the epoch. */
interface Device {
  now(): number;
}

/**
 * The time at the desk. All times of tickets and messages are the desk's, so a duration is the difference of two of its
 * times: this device's clock may be wrong, and may be changed while the widget is open.
 */
export interface DeskClock {
  /** Milliseconds since the epoch. The device's time until the desk has sent its own. */
  now(): number;
  /** The desk's time is at least this. */
  earliest(): number;
  /** How far the desk is ahead of this device, in milliseconds. */
  readonly offset: ReadonlySignal<number>;
  /** A server has just reported its time. */
  learn(serverMs: number): void;
}

/** An answer takes a moment, and its time has one-second precision: smaller differences are ignored. */
const noiseMs = 3000;
const clocks = new WeakMap<Device, DeskClock>();

/** The one desk clock of this device. */
export function deskClock(device: Device): DeskClock {
  const known = clocks.get(device);
  if (known) return known;
  const offset = signal(0);
  const clock: DeskClock = {
    offset,
    now: () => device.now() + offset.value,
    earliest: () => clock.now() - noiseMs,
    learn(serverMs) {
      const seen = serverMs - device.now();
      if (Math.abs(seen - offset.peek()) > noiseMs) offset.value = seen;
    },
  };
  clocks.set(device, clock);
  return clock;
}
