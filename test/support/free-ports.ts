import { createServer } from "node:net";

/** Below the range from which Linux takes the ports of outgoing connections, and above those of common servers. */
const [lowest, highest] = [20_000, 32_000];

/** Free ports on loopback that no outgoing connection can take before they are used. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest));
    // oxlint-disable-next-line no-await-in-loop -- until enough are free
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1);
  return port;
}

async function isFree(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
