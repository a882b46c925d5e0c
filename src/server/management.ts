import { Hono } from "hono";
import type { Metrics } from "./metrics.ts";
import type { Readiness } from "./readiness.ts";

export interface ManagementOptions {
  readonly metrics: Metrics;
  readonly readiness: () => Promise<Readiness>;
}

/**
 * `/livez`, also as `/healthz` (its older name): the process responds. `/readyz`: requests may be sent here; includes
 * the state of each part. `/metrics`: OpenMetrics.
 */
export function createManagement({ metrics, readiness }: ManagementOptions) {
  const app = new Hono();
  for (const path of ["/livez", "/healthz"]) app.get(path, (context) => context.json({ status: "well" }));
  app.get("/readyz", async (context) => {
    const state = await readiness();
    return context.json(state, state.status === "ready" ? 200 : 503);
  });
  app.get("/metrics", async (context) =>
    context.body(await metrics.text(), 200, { "Content-Type": metrics.contentType }),
  );
  return async (request: Request): Promise<Response> => await app.fetch(request);
}
