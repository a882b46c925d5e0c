import { property } from "./property.ts";

/** The address of the connection, by what @hono/node-server hands on beside the request. */
export function connectionAddress(_request: Request, env: unknown): string | undefined {
  const incoming = property(env, "incoming");
  const address = property(property(incoming, "socket"), "remoteAddress");
  return typeof address === "string" ? address : undefined;
}
