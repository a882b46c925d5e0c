import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { createDesk } from "./desk.ts";

interface Call {
  readonly query: URLSearchParams;
  readonly id: string;
  readonly type: string;
  readonly bytes: Buffer;
}

const PAGE_MOST = 100;

/** Marmot's HTTP API. Every call needs the key. */
export async function startDesk({ key, port = 0 }: { readonly key: string; readonly port?: number }) {
  const desk = createDesk();
  const json = (bytes: Buffer) => JSON.parse(bytes.toString());
  const routes: readonly (readonly [RegExp, (call: Call) => unknown])[] = [
    [/^GET \/me$/, () => ({ account: "gateway" })],
    [/^POST \/cases$/, ({ bytes }) => desk.open(json(bytes))],
    [/^GET \/cases$/, ({ query }) => desk.list(query, PAGE_MOST)],
    [/^GET \/cases\/count$/, ({ query }) => desk.count(query)],
    [/^GET \/cases\/(\d+)$/, ({ id }) => desk.read(id)],
    [/^DELETE \/cases\/(\d+)$/, ({ id }) => desk.remove(id)],
    [/^POST \/cases\/(\d+)\/notes$/, ({ id, bytes }) => desk.note(id, json(bytes))],
    [/^GET \/changes$/, ({ query }) => desk.changes(query)],
    [/^POST \/files$/, ({ query, type, bytes }) => desk.keep(query, type, bytes)],
    [/^GET \/files\/([\w-]+)$/, ({ id }) => desk.file(id)],
    [/^GET \/files\/([\w-]+)\/bytes$/, ({ id }) => desk.bytes(id)],
  ];

  async function answer(request: IncomingMessage): Promise<unknown> {
    const { pathname, searchParams: query } = new URL(request.url ?? "/", "http://desk");
    const bytes = Buffer.concat(await request.toArray());
    const type = request.headers["content-type"] ?? "";
    for (const [pattern, use] of routes) {
      const match = pattern.exec(`${request.method} ${pathname}`);
      if (match) return use({ query, id: match[1] ?? "", type, bytes });
    }
    return undefined;
  }

  const server = createServer((request, response) => {
    function say(status: number, body: unknown): void {
      const type = Buffer.isBuffer(body) ? "application/octet-stream" : "application/json";
      response.writeHead(status, { "Content-Type": type }).end(Buffer.isBuffer(body) ? body : JSON.stringify(body));
    }
    if (request.headers["marmot-key"] !== key) return say(401, { error: "wrong key" });
    answer(request).then(
      (body) => (body === undefined ? say(404, { error: "not here" }) : say(200, body)),
      () => say(500, { error: "out of order" }),
    );
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const at = typeof address === "object" && address ? address.port : port;

  return {
    url: `http://127.0.0.1:${at}`,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
