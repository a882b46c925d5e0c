import type { Listener } from "./listener.ts";
import type { Log } from "./log.ts";
import type { Watched } from "./watched.ts";

/** The times of a graceful stop, in ms. The service manager (systemd, Kubernetes) must wait longer than their sum. */
export interface DrainTimes {
  /** How long to listen while unready, until the load balancer has noticed. @default 5000 */
  readonly leadMs?: number;
  /**
   * How long running requests may take; a write may take 30 s. Event streams are closed over this time. @default 35,000
   */
  readonly forMs?: number;
}

export interface DrainOptions extends DrainTimes {
  readonly listener: Listener;
  readonly requests: Watched;
  readonly log: Log;
}

export interface Drain {
  readonly hasBegun: () => boolean;
  /** Resolves when all connections are closed. */
  run(): Promise<void>;
  /** Stops immediately: pending requests get no answer. */
  readonly hurry: () => void;
}

export const defaultDrain = { leadMs: 5000, forMs: 35_000 } as const;
/** Clients of the last streams still have time to read the final event. */
const STREAMS_SHARE = 0.8;

export function createDrain({ listener, log, requests, ...times }: DrainOptions): Drain {
  const { forMs, leadMs } = { ...defaultDrain, ...times };
  const hurried = new AbortController();
  let hasBegun = false;

  async function pause(ms: number): Promise<void> {
    if (hurried.signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      hurried.signal.addEventListener(
        "abort",
        () => {
          clearTimeout(timer);
          resolve();
        },
        { once: true },
      );
    });
  }

  return {
    hasBegun: () => hasBegun,
    async run() {
      hasBegun = true;
      log.info({ leadMs, forMs }, "stopping");
      await pause(leadMs);
      requests.closing();
      const closed = listener.close().then(() => true);
      void requests.moveStreams(forMs * STREAMS_SHARE);
      const isDrained = await Promise.race([closed, pause(forMs).then(() => false)]);
      if (!isDrained) log.warn("connections cut: their time is over");
      listener.cut();
      await closed;
    },
    hurry: () => hurried.abort(),
  };
}
