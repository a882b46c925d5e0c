import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { guarded } from "../../src/server/guarded-body.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const bytes = (text: string) => new TextEncoder().encode(text);

function served(pull: (controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>) => void) {
  const seen = { ends: 0, broken: [] as unknown[], isLeft: false };
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>({ pull, cancel: () => void (seen.isLeft = true) });
  const guard = guarded(source, {
    stallMs: 1000,
    onEnd: () => (seen.ends += 1),
    onBroken: (error) => seen.broken.push(error),
  });
  return { ...guard, seen };
}

describe("a response body", () => {
  test("arrives unchanged, and ends once", async () => {
    let left = 3;
    const { body, seen } = served((controller) => (left-- > 0 ? controller.enqueue(bytes("a")) : controller.close()));
    expect(await new Response(body).text()).toBe("aaa");
    expect(seen).toEqual({ ends: 1, broken: [], isLeft: false });
    await vi.advanceTimersByTimeAsync(5000);
    expect(seen.ends).toBe(1);
  });

  test("that is not read is released and reported as broken", async () => {
    const { body, seen } = served((controller) => controller.enqueue(bytes("a")));
    await body.getReader().read();
    await vi.advanceTimersByTimeAsync(999);
    expect(seen.broken).toEqual([]);
    await vi.advanceTimersByTimeAsync(2);
    expect(seen).toEqual({ ends: 1, broken: [expect.objectContaining({ name: "TimeoutError" })], isLeft: true });
  });

  test("without data is kept while its reader waits", async () => {
    const { body, seen } = served(() => undefined);
    void body.getReader().read();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(seen.ends).toBe(0);
  });

  test("whose source fails reports that and throws nothing at the server", async () => {
    const fault = new Error("half of it");
    const { body, seen } = served((controller) => controller.error(fault));
    expect(await new Response(body).text()).toBe("");
    expect(seen).toMatchObject({ ends: 1, broken: [fault] });
  });

  test("whose reader disconnects is released", async () => {
    const { body, seen } = served((controller) => controller.enqueue(bytes("a")));
    await body.cancel();
    expect(seen).toEqual({ ends: 1, broken: [], isLeft: true });
  });

  test("can be ended with a final chunk", async () => {
    const { body, end, seen } = served(() => undefined);
    const text = new Response(body).text();
    end("last");
    end("again");
    expect(await text).toBe("last");
    expect(seen).toEqual({ ends: 1, broken: [], isLeft: true });
  });
});
