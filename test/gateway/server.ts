import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { createAdaptorServer } from "@hono/node-server";
import { SignJWT } from "jose";
import { memory, type MemoryAdapter, type MemoryOptions } from "../../src/adapters/memory/index.ts";
import type { Member } from "../../src/core/contract/adapter.ts";
import { createGateway, type Gateway, type GatewayOptions } from "../../src/gateway/index.ts";
import { ana, anasCredentials } from "../adapters/members.ts";
import { unlimited } from "../support/unlimited.ts";

export const secret = "a secret of this test's own, long enough";
export const siteSecret = "the site's secret, which is another one";
export const audience = "https://help.example.org";

export interface Running {
  readonly url: string;
  readonly desk: MemoryAdapter;
  readonly gateway: Gateway;
  /** Where uploads are stored until they are complete. */
  readonly directory: string;
  /** The errors that the gateway reported. */
  readonly errors: unknown[];
  readonly stop: () => Promise<void>;
}

const deskOptions: MemoryOptions = {
  accounts: [{ ...anasCredentials, member: ana }],
  fields: [{ key: "category", label: "Category", kind: "select", options: [{ value: "web", label: "Web site" }] }],
};

/** A real server on a free port. */
export async function serve(options: Partial<GatewayOptions> = {}, desk = memory(deskOptions)): Promise<Running> {
  const directory = await mkdtemp(join(tmpdir(), "podpora-test-"));
  const errors: unknown[] = [];
  const gateway = createGateway({
    adapter: desk,
    secret,
    identity: { secret: siteSecret, audience },
    access: { tickets: "guests" },
    uploads: { directory },
    limits: unlimited,
    onError: (error) => void errors.push(error),
    ...options,
  });
  const server = createAdaptorServer({ fetch: gateway.fetch });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}${options.basePath ?? ""}`,
    desk,
    gateway,
    directory,
    errors,
    async stop() {
      await gateway.dispose();
      if ("closeAllConnections" in server) server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** A token like the site's own. */
export async function siteToken({ id, ...claims }: Member, expires = "5m"): Promise<string> {
  return await new SignJWT({ ...claims })
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(id)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime(expires)
    .sign(new TextEncoder().encode(siteSecret));
}
