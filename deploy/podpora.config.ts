// Copy this to the gateway's working directory, and replace memory() by your desk. docs/serve.md lists all options.
import { memory } from "podpora/adapters/memory";
import { defineConfig, secret } from "podpora/server";

/** The directory for uploads and builds, shared by all copies. */
const state = process.env["PODPORA_STATE"] ?? "/var/lib/podpora";
/** In containers, use 0.0.0.0, so that other containers can reach both ports. */
const host = process.env["PODPORA_HOST"] ?? "127.0.0.1";

export default defineConfig({
  // Stores everything in the process, and loses it on exit. For trying it out without a desk, with a single copy.
  adapter: memory(),
  secret: secret("PODPORA_SECRET"),
  publicOrigin: process.env["PODPORA_ORIGIN"] ?? "https://help.example.org",
  basePath: "/podpora",
  origins: ["https://www.example.org"],
  uploads: { directory: `${state}/uploads` },
  keep: { directory: `${state}/builds` },
  redis: secret("REDIS_URL"),
  proxies: 1,
  host,
  port: Number(process.env["PODPORA_PORT"] ?? 8080),
  management: { host, port: Number(process.env["PODPORA_MANAGEMENT_PORT"] ?? 9090), readyWithoutStore: true },
});
