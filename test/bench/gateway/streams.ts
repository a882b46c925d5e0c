import { Agent, get } from "node:http";
import type { Started } from "./server.ts";
import { tokenOf } from "./routes.ts";

const atOnce = 50;

/** Opens so many streams of tickets, each of a member of its own. Resolves when all have told their first event. */
export async function openStreams(server: Started, count: number): Promise<() => void> {
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
  const stops: (() => void)[] = [];
  async function open(number: number) {
    const token = await tokenOf(`member-${number}`, server);
    await new Promise<void>((resolve, reject) => {
      const headers = { Authorization: `Bearer ${token}`, Accept: "text/event-stream" };
      const request = get(`${server.origin}/tickets/events`, { agent, headers }, (response) => {
        if (response.statusCode !== 200) reject(new Error(`a stream was refused: ${response.statusCode}`));
        response.once("data", () => resolve());
        response.on("error", () => undefined);
      });
      request.on("error", reject);
      stops.push(() => request.destroy());
    });
  }
  for (let first = 0; first < count; first += atOnce) {
    const numbers = Array.from({ length: Math.min(atOnce, count - first) }, (_, index) => first + index);
    // oxlint-disable-next-line no-await-in-loop -- some at a time
    await Promise.all(numbers.map(open));
  }
  return () => {
    for (const stop of stops) stop();
    agent.destroy();
  };
}
