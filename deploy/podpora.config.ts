// Copy this to where the gateway is started, and put your desk in the place of memory(): docs/serve.md has all options.
import { memory } from "podpora/adapters/memory";
import { defineConfig, secret } from "podpora/server";

/** Where files and builds are kept: shared by all copies. */
const state = process.env["PODPORA_STATE"] ?? "/var/lib/podpora";
/** In a container both ports have to be open to the other containers. */
const host = process.env["PODPORA_HOST"] ?? "127.0.0.1";

export default defineConfig({
  // Keeps everything in the process and forgets it at its end: to try the rest without a desk, with one copy.
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
