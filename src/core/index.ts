// The entry podpora/core: the widget without a screen. docs/headless.md says how to drive it.
export { ChatModel } from "./chat/chat.ts";
export { memoryStorage } from "./delivery/storage.ts";
export { formatRoute, parseRoute } from "./routes.ts";
export { WidgetModel } from "./widget.ts";

export type { Storage } from "./delivery/storage.ts";
export type { PodporaEvents } from "./events.ts";
export type { SiteIdentity } from "./identity/site-identity.ts";
export type { Platform } from "./platform.ts";
export type { Route } from "./routes.ts";
export type { Emit, LoadChat, Prefill, WidgetOptions } from "./widget.ts";
