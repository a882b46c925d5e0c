import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";

/** A way to the real desk that can be broken. */
export interface Proxy {
  readonly url: string;
  /** What was asked, such as "GET /issues.json?limit=1". */
  readonly asked: string[];
  /** How many bytes of answers went through. */
  bytes(): number;
  /** Decides about each call from now on; undefined: lets it through. */
  set(fault: ((call: IncomingMessage) => Fault | undefined) | undefined): void;
  close(): Promise<void>;
}

/** `lose`: it is done, and the answer does not arrive. `cut`: broken off after the first bytes of the call. */
export type Fault = "refuse" | "cut" | "lose" | { readonly delayMs: number } | Answer;

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export async function openProxy(target: string): Promise<Proxy> {
  const asked: string[] = [];
  let bytes = 0;
  let decide: ((call: IncomingMessage) => Fault | undefined) | undefined;

  function pass(call: IncomingMessage, answer: ServerResponse, lose: boolean): void {
    const to = new URL(call.url ?? "/", target);
    const onward = request(to, { method: call.method, headers: { ...call.headers, host: to.host } }, (response) => {
      if (lose) {
        response.resume().once("end", () => call.socket.destroy());
        return;
      }
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.on("data", (chunk: Buffer) => (bytes += chunk.length)).pipe(answer);
    });
    onward.once("error", () => call.socket.destroy());
    call.pipe(onward);
  }

  const server = createServer((call, answer) => {
    asked.push(`${call.method} ${decodeURIComponent(call.url ?? "")}`);
    const fault = decide?.(call);
    if (fault === "refuse") call.socket.destroy();
    else if (fault === "cut") call.once("data", () => call.socket.destroy());
    else if (fault === undefined || fault === "lose") pass(call, answer, fault === "lose");
    else if ("delayMs" in fault) setTimeout(() => pass(call, answer, false), fault.delayMs);
    else answer.writeHead(fault.status, fault.headers).end(fault.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("the proxy listens on no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked,
    bytes: () => bytes,
    set: (next) => (decide = next),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
