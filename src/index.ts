// The npm entry. Concrete adapters and the gateway have their own entries: `podpora/adapters/*`, `podpora/gateway`.
export { combine } from "./adapters/combine/index.ts";
export { AdapterError, isAdapterError } from "./core/contract/errors.ts";
export { OptionsError } from "./core/options.ts";
export { createPodpora } from "./embed/module.ts";

export type * from "./core/contract/adapter.ts";
export type { AdapterErrorCode, AdapterErrorOptions } from "./core/contract/errors.ts";
export type { PodporaEvents } from "./core/events.ts";
export type { OptionChanges } from "./core/option-changes.ts";
export type { Options } from "./core/options.ts";
export type { Attributes, EventName, Info, Listener, Podpora, PodporaEvent } from "./loader/handle.ts";
export type { GatewayReport, Report, ReportDetails, ReportFinding, StorageReport } from "./loader/report.ts";
export type { SiteIdentity } from "./core/identity/site-identity.ts";
export type { Prefill } from "./core/widget.ts";
