export { assetsFrom } from "./assets.ts";
export { createGateway } from "./gateway.ts";
export { memoryKeyStore } from "./memory-key-store.ts";
export type { Asset, Assets } from "./assets.ts";
export type { Gateway } from "./gateway.ts";
export type { BucketLimit, KeyStore } from "./key-store.ts";
export type { AccessOptions, AccessRule, GatewayOptions, IdentityOptions } from "./options.ts";
export type { Rates } from "./rate-limits.ts";
