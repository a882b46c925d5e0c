import { Hono } from "hono";
import type { SharedStore } from "../gateway/index.ts";
import type { Metrics } from "./metrics.ts";

export interface ManagementOptions {
  readonly metrics: Metrics;
  readonly store: SharedStore;
  readonly isStopping: () => boolean;
}

const PING_MS = 2000;

/**
 * `/healthz`: the process is well. `/readyz`: it may be sent requests; a desk that is away is no reason not to, for who
 * asks is then told so. `/metrics`: OpenMetrics.
 */
export function createManagement({ isStopping, metrics, store }: ManagementOptions) {
  const app = new Hono();
  app.get("/healthz", (context) => context.json({ status: "well" }));
  app.get("/readyz", async (context) => {
    const stopping = isStopping();
    const shared = await reached(store);
    const ready = !stopping && shared;
    return context.json(
      { status: ready ? "ready" : "not ready", store: shared ? "reached" : "not reached", stopping },
      ready ? 200 : 503,
    );
  });
  app.get("/metrics", async (context) =>
    context.body(await metrics.text(), 200, { "Content-Type": metrics.contentType }),
  );
  return async (request: Request): Promise<Response> => await app.fetch(request);
}

async function reached(store: SharedStore): Promise<boolean> {
  const late = new Promise<false>((resolve) => setTimeout(() => resolve(false), PING_MS).unref());
  const answer = (store.ping?.() ?? Promise.resolve()).then(
    () => true,
    () => false,
  );
  return await Promise.race([answer, late]);
}
