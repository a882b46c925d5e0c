import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry, type OpenMetricsContentType } from "prom-client";
import { version } from "../version.ts";

/** The metrics of `/metrics` (OpenMetrics 1.0). No label contains member input. */
export interface Metrics {
  request(route: string, method: string, status: number, seconds: number): void;
  /** Refused by token or rate limit; `reason` as in the log, such as "token:expired". */
  refused(reason: string): void;
  stream(change: 1 | -1): void;
  /** A response was cut off: its reader stalled or its source failed. */
  cut(): void;
  /** Received file data. */
  uploaded(bytes: number): void;
  /** `outcome` is "ok" or an AdapterError's code. */
  call(name: string, outcome: string, seconds: number): void;
  /** `outcome` is "ok" or a StoreError's fault. */
  store(call: string, outcome: string, seconds: number): void;
  /** A repeated write, recognised by its Idempotency-Key. */
  replay(): void;
  /** Whether the last store call succeeded. */
  storeUp(isUp: boolean): void;
  text(): Promise<string>;
  readonly contentType: string;
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export interface MetricsOptions {
  /** The desk's name. */
  readonly adapter: string;
  /** The version of the widget's files. */
  readonly widget: string;
}

export function createMetrics({ adapter, widget }: MetricsOptions): Metrics {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  collectDefaultMetrics({ register: registry });
  const registers = [registry];

  const counter = <T extends string>(name: string, help: string, ...labelNames: T[]) =>
    new Counter({ name, help, labelNames, registers });
  const seconds = <T extends string>(name: string, help: string, ...labelNames: T[]) =>
    new Histogram({ name, help, labelNames, buckets: SECONDS, registers });

  const requests = counter("podpora_requests", "Requests that were answered", "route", "method", "status");
  const requestSeconds = seconds("podpora_request_seconds", "Until the answer began", "route");
  const refused = counter("podpora_refused", "Callers that a token or a limit refused", "reason");
  const streams = new Gauge({ name: "podpora_event_streams", help: "Event streams that are open", registers });
  const cut = counter("podpora_answers_cut", "Answers that were cut in the middle");
  const uploaded = counter("podpora_upload_bytes", "Bytes of files that arrived");
  const calls = counter("podpora_desk_calls", "Calls of the desk's adapter, by how they ended", "call", "outcome");
  const callSeconds = seconds("podpora_desk_call_seconds", "How long the desk took", "call");
  const storeCalls = counter("podpora_store_calls", "Calls of the shared store, by how they ended", "call", "outcome");
  const storeSeconds = seconds("podpora_store_call_seconds", "How long the shared store took", "call");
  const storeUp = new Gauge({ name: "podpora_store_up", help: "1 while the shared store answers, else 0", registers });
  const replays = counter("podpora_replays", "Writes that had been asked for before");
  const build = new Gauge({
    name: "podpora_build_info",
    help: "1; its labels say what runs",
    labelNames: ["version", "node", "widget", "adapter"] as const,
    registers,
  });
  build.set({ version, node: process.versions.node, widget, adapter }, 1);
  storeUp.set(1);

  return {
    request(route, method, status, took) {
      requests.inc({ route, method, status });
      requestSeconds.observe({ route }, took);
    },
    refused: (reason) => refused.inc({ reason }),
    stream: (change) => streams.inc(change),
    cut: () => cut.inc(),
    uploaded: (bytes) => uploaded.inc(bytes),
    call(name, outcome, took) {
      calls.inc({ call: name, outcome });
      callSeconds.observe({ call: name }, took);
    },
    store(call, outcome, took) {
      storeCalls.inc({ call, outcome });
      storeSeconds.observe({ call }, took);
    },
    replay: () => replays.inc(),
    storeUp: (isUp) => storeUp.set(isUp ? 1 : 0),
    text: async () => await registry.metrics(),
    contentType: registry.contentType,
  };
}
