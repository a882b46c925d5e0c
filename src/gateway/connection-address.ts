import { property } from "./property.ts";

/** The address of the connection, which @hono/node-server passes with the request. */
export function connectionAddress(_request: Request, env: unknown): string | undefined {
  const incoming = property(env, "incoming");
  const address = property(property(incoming, "socket"), "remoteAddress");
  return typeof address === "string" ? address : undefined;
}
