import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { onTestFinished } from "vitest";

export interface FakeDesk {
  readonly url: string;
  /** What was asked, such as "GET /a?b=1". */
  readonly asked: string[];
  /** How many calls were under way at the same time, at most. */
  readonly most: () => number;
  /** Decides about each call from now on. */
  answer(how: (call: IncomingMessage, answer: ServerResponse) => void): void;
}

export function sendJson(answer: ServerResponse, value: unknown, status = 200): void {
  answer.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(value));
}

/** A desk on loopback that answers as the test says, until the test ends. */
export async function fakeDesk(): Promise<FakeDesk> {
  const asked: string[] = [];
  let [now, most] = [0, 0];
  let how = (_call: IncomingMessage, answer: ServerResponse): void => sendJson(answer, {});
  const server = createServer((call, answer) => {
    asked.push(`${call.method} ${decodeURIComponent((call.url ?? "").replaceAll("+", " "))}`);
    now += 1;
    most = Math.max(most, now);
    answer.once("close", () => (now -= 1));
    how(call, answer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("the desk listens on no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked,
    most: () => most,
    answer: (next) => (how = next),
  };
}
