// The npm entry. Concrete adapters and the gateway are entries of their own: `podpora/adapters/*`, `podpora/gateway`.
export { combine } from "./adapters/combine/index.ts";
export { AdapterError, isAdapterError } from "./core/contract/errors.ts";
export { OptionsError } from "./core/options.ts";
export { createPodpora } from "./embed/module.ts";

export type * from "./core/contract/adapter.ts";
export type { AdapterErrorCode, AdapterErrorOptions } from "./core/contract/errors.ts";
export type { PodporaEvents } from "./core/events.ts";
export type { Options } from "./core/options.ts";
export type { EventName, Info, Listener, Podpora, PodporaEvent } from "./loader/handle.ts";
export type { SiteIdentity } from "./core/identity/site-identity.ts";
export type { Prefill } from "./core/widget.ts";
