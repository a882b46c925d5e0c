import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";

export interface RoundRobin {
  readonly origin: string;
  /** How many requests each of them answered. */
  readonly answered: readonly number[];
  close(): Promise<void>;
}

/** A plain proxy: each request goes to the next server; to the one after it where nobody listens. */
export async function roundRobin(ports: readonly number[]): Promise<RoundRobin> {
  const answered = ports.map(() => 0);
  let turn = 0;

  function forward(incoming: IncomingMessage, body: Buffer, outgoing: ServerResponse, tries: number): void {
    const index = turn % ports.length;
    turn += 1;
    const upstream = request(
      {
        host: "127.0.0.1",
        port: ports[index],
        method: incoming.method,
        path: incoming.url,
        headers: incoming.headers,
        agent: false,
      },
      (answer) => {
        answered[index] = (answered[index] ?? 0) + 1;
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
        answer.on("error", () => outgoing.destroy());
        answer.on("aborted", () => outgoing.destroy());
      },
    );
    upstream.on("error", (error: NodeJS.ErrnoException) => {
      if (outgoing.headersSent) outgoing.destroy();
      // Nobody has seen the request: another may.
      else if (error.code === "ECONNREFUSED" && tries > 1) forward(incoming, body, outgoing, tries - 1);
      else outgoing.writeHead(502, { "Content-Type": "text/plain" }).end("no answer");
    });
    outgoing.on("close", () => upstream.destroy());
    upstream.end(body);
  }

  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => forward(incoming, Buffer.concat(chunks), outgoing, ports.length));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the proxy listens on no port");
  return {
    origin: `http://127.0.0.1:${address.port}`,
    answered,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
