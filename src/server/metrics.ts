import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry, type OpenMetricsContentType } from "prom-client";

/** What is counted, for `/metrics` (OpenMetrics 1.0). No label holds anything that a member chose. */
export interface Metrics {
  request(route: string, method: string, status: number, seconds: number): void;
  stream(change: 1 | -1): void;
  /** `outcome` is "ok" or an AdapterError's code. */
  call(name: string, outcome: string, seconds: number): void;
  /** `outcome` is "ok" or a StoreError's fault. */
  store(call: string, outcome: string, seconds: number): void;
  text(): Promise<string>;
  readonly contentType: string;
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function createMetrics(): Metrics {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const requests = new Counter({
    name: "podpora_requests",
    help: "Requests that were answered",
    labelNames: ["route", "method", "status"] as const,
    registers,
  });
  const requestSeconds = new Histogram({
    name: "podpora_request_seconds",
    help: "Until the answer began",
    labelNames: ["route"] as const,
    buckets: SECONDS,
    registers,
  });
  const streams = new Gauge({ name: "podpora_event_streams", help: "Event streams that are open", registers });
  const calls = new Counter({
    name: "podpora_desk_calls",
    help: "Calls of the desk's adapter, by how they ended",
    labelNames: ["call", "outcome"] as const,
    registers,
  });
  const callSeconds = new Histogram({
    name: "podpora_desk_call_seconds",
    help: "How long the desk took",
    labelNames: ["call"] as const,
    buckets: SECONDS,
    registers,
  });
  const storeCalls = new Counter({
    name: "podpora_store_calls",
    help: "Calls of what copies share, by how they ended",
    labelNames: ["call", "outcome"] as const,
    registers,
  });
  const storeSeconds = new Histogram({
    name: "podpora_store_call_seconds",
    help: "How long the shared store took",
    labelNames: ["call"] as const,
    buckets: SECONDS,
    registers,
  });
  return {
    request(route, method, status, seconds) {
      requests.inc({ route, method, status });
      requestSeconds.observe({ route }, seconds);
    },
    stream: (change) => streams.inc(change),
    call(name, outcome, seconds) {
      calls.inc({ call: name, outcome });
      callSeconds.observe({ call: name }, seconds);
    },
    store(call, outcome, seconds) {
      storeCalls.inc({ call, outcome });
      storeSeconds.observe({ call }, seconds);
    },
    text: async () => await registry.metrics(),
    contentType: registry.contentType,
  };
}
