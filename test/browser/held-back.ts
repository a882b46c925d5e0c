import { once } from "node:events";
import { createServer, request as httpRequest, type ServerResponse } from "node:http";

export interface HeldBack {
  readonly origin: string;
  /** From now on everything passes, including what was buffered. */
  letThrough(): void;
  close(): Promise<void>;
}

/**
 * A proxy that buffers a response until its end before it forwards the head or the body. An event stream never ends.
 */
export async function heldBack(target: string, part: "head" | "body"): Promise<HeldBack> {
  const { hostname, port } = new URL(target);
  const held = new Set<() => void>();
  let holds = true;

  const server = createServer((request, response) => {
    const { method, url: path, headers } = request;
    const onward = httpRequest({ hostname, port, method, path, headers }, (answer) => {
      const isStream = /event-stream/.test(answer.headers["content-type"] ?? "");
      const head = () => response.writeHead(answer.statusCode ?? 502, answer.headers).flushHeaders();
      const body = () => void answer.pipe(response);
      if (!isStream || !holds) {
        head();
        return body();
      }
      if (part === "body") head();
      const release = () => {
        if (part === "head") head();
        body();
      };
      held.add(release);
      response.on("close", () => held.delete(release));
    });
    onward.on("error", () => end(response));
    response.on("close", () => onward.destroy());
    request.pipe(onward);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("the proxy has no port");
  return {
    origin: `http://127.0.0.1:${address.port}`,
    letThrough() {
      holds = false;
      for (const release of held) release();
      held.clear();
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function end(response: ServerResponse) {
  if (!response.headersSent) response.writeHead(502);
  response.end();
}
