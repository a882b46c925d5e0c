import { once } from "node:events";
import { createServer, connect, type Socket } from "node:net";
import { Transform } from "node:stream";

export interface FlakyLink {
  readonly origin: string;
  /** The number of drops so far. */
  readonly drops: () => number;
  close(): Promise<void>;
}

/** A connection with limited upload bandwidth that drops periodically. */
export async function flakyLink(target: string, bytesPerSecond: number, dropMs: number): Promise<FlakyLink> {
  const { hostname, port } = new URL(target);
  const open = new Set<Socket>();
  let drops = 0;

  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on("close", () => {
        open.delete(socket);
        client.destroy();
        upstream.destroy();
      });
      socket.on("error", () => socket.destroy());
    }
    client.pipe(slow(bytesPerSecond)).pipe(upstream);
    upstream.pipe(client);
  });
  const timer = setInterval(() => {
    drops += 1;
    for (const socket of open) socket.destroy();
  }, dropMs);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("the link has no port");
  return {
    origin: `http://127.0.0.1:${address.port}`,
    drops: () => drops,
    async close() {
      clearInterval(timer);
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

function slow(bytesPerSecond: number): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      setTimeout(() => done(null, chunk), (chunk.length / bytesPerSecond) * 1000);
    },
  });
}
