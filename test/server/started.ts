import { expect } from "vitest";
import { freePorts } from "../support/free-ports.ts";
import { imports, podpora, SECRET } from "./process.ts";

/** Runs `podpora serve` with a guest to call it. `over` is further config; MANAGEMENT in it is the port of `manage`. */
export async function started(over = "", adapter = "memory()") {
  const [port = 0, admin = 0] = await freePorts(2);
  const config = `${imports}
export default defineConfig({
  adapter: ${adapter},
  secret: secret("PODPORA_SECRET"),
  uploads: { directory: "uploads" },
  basePath: "/podpora",
  assets,
  port: ${port},
  management: { port: ${admin} },
  ${over.replace("MANAGEMENT", String(admin))}
});`;
  const process = await podpora(["serve"], config, { PODPORA_SECRET: SECRET });
  await expect.poll(() => process.out() + process.err(), { timeout: 20_000 }).toContain('"msg":"started"');
  const origin = `http://127.0.0.1:${port}/podpora`;
  const guest = (await (await fetch(`${origin}/session/guest`, { method: "POST" })).json()) as { token: string };
  const call = async (path: string, body?: object, clientId = crypto.randomUUID()) =>
    await fetch(`${origin}${path}`, {
      method: body ? "POST" : "GET",
      headers: {
        Authorization: `Bearer ${guest.token}`,
        ...(body ? { "Content-Type": "application/json", "Idempotency-Key": clientId } : {}),
      },
      ...(body ? { body: JSON.stringify({ clientId, ...body }) } : {}),
    });
  const lines = () =>
    process
      .out()
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return {
    process,
    origin,
    call,
    lines,
    manage: async (path: string) => await fetch(`http://127.0.0.1:${admin}${path}`),
  };
}
