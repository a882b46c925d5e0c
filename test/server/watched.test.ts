import pino from "pino";
import { expect, test } from "vitest";
import { createMetrics } from "../../src/server/metrics.ts";
import { watched } from "../../src/server/watched.ts";

const first = "retry: 1000\n\n";

function copy() {
  const metrics = createMetrics({ adapter: "a", widget: "w" });
  const handle = async () =>
    new Response(new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode(first)) }), {
      headers: { "Content-Type": "text/event-stream" },
    });
  const hints = { look: () => undefined };
  const log = pino({ level: "silent" });
  const requests = watched(handle, { basePath: "", hints, log, metrics, stallMs: 60_000 });
  const open = async () =>
    await requests.handle(new Request("http://h/tickets/events"), { incoming: { httpVersionMajor: 1 } });
  return { ...requests, open, streams: async () => /podpora_event_streams (\d+)/.exec(await metrics.text())?.[1] };
}

test("an event stream opened while the copy is stopping is moved immediately", async () => {
  const { closing, open, streams } = copy();
  closing();
  const answer = await open();
  expect(answer.headers.get("Connection")).toBe("close");
  expect(await answer.text()).toContain("event: moving");
  expect(await streams()).toBe("0");
});

test("many streams are all moved within the time limit", async () => {
  const { moveStreams, open, streams } = copy();
  const answers = await Promise.all(Array.from({ length: 50 }, async () => await open()));
  expect(await streams()).toBe("50");
  const texts = answers.map(async (answer) => await answer.text());
  const at = performance.now();
  await moveStreams(200);
  expect(performance.now() - at).toBeLessThan(10_000);
  for (const text of await Promise.all(texts))
    expect(text.endsWith('event: moving\ndata: {"type":"moving"}\n\n')).toBe(true);
  expect(await streams()).toBe("0");
});
