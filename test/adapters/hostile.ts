import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

export interface Hostile {
  readonly url: string;
  /** The requests, oldest first: "GET /session". */
  readonly asked: readonly string[];
  readonly stop: () => Promise<void>;
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** A server with handwritten answers; by default it returns a valid session. */
export async function hostile(answers: Readonly<Record<string, Answer>>): Promise<Hostile> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const [path = ""] = (request.url ?? "").split("?");
    const call = `${request.method ?? ""} ${path}`;
    asked.push(call);
    const answer = answers[call] ?? (call === "GET /session" ? json(session) : status(404));
    void answer(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`,
    asked,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

export const session = {
  session: { access: { tickets: { allowed: true }, chat: { allowed: true } } },
  capabilities: {
    tickets: ["create", "list", "events"],
    chat: ["open", "send", "events", "current"],
    uploads: ["upload", "download"],
    accounts: true,
    chatPage: true,
  },
};

export function json(value: unknown, code = 200, type = "application/json"): Answer {
  return (_request, response) => {
    response.writeHead(code, { "Content-Type": type });
    response.end(typeof value === "string" ? value : JSON.stringify(value));
  };
}

export function status(code: number, headers: Readonly<Record<string, string>> = {}): Answer {
  return (_request, response) => {
    response.writeHead(code, { "Content-Type": "text/html", ...headers });
    response.end("<h1>No</h1>");
  };
}

/** Accepts the request and never answers. */
export const hang: Answer = () => undefined;

export const reset: Answer = (request) => void request.socket.resetAndDestroy();
