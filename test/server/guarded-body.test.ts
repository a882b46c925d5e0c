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

describe("the body of an answer", () => {
  test("arrives as it is, and is over once", async () => {
    let left = 3;
    const { body, seen } = served((controller) => (left-- > 0 ? controller.enqueue(bytes("a")) : controller.close()));
    expect(await new Response(body).text()).toBe("aaa");
    expect(seen).toEqual({ ends: 1, broken: [], isLeft: false });
    await vi.advanceTimersByTimeAsync(5000);
    expect(seen.ends).toBe(1);
  });

  test("that nobody reads on is let go of, and told as broken", async () => {
    const { body, seen } = served((controller) => controller.enqueue(bytes("a")));
    await body.getReader().read();
    await vi.advanceTimersByTimeAsync(999);
    expect(seen.broken).toEqual([]);
    await vi.advanceTimersByTimeAsync(2);
    expect(seen).toEqual({ ends: 1, broken: [expect.objectContaining({ name: "TimeoutError" })], isLeft: true });
  });

  test("that is quiet, but waited for, stays", async () => {
    const { body, seen } = served(() => undefined);
    void body.getReader().read();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(seen.ends).toBe(0);
  });

  test("whose source fails throws nothing at the server: it is told here", async () => {
    const fault = new Error("half of it");
    const { body, seen } = served((controller) => controller.error(fault));
    expect(await new Response(body).text()).toBe("");
    expect(seen).toMatchObject({ ends: 1, broken: [fault] });
  });

  test("whose reader goes is let go of", async () => {
    const { body, seen } = served((controller) => controller.enqueue(bytes("a")));
    await body.cancel();
    expect(seen).toEqual({ ends: 1, broken: [], isLeft: true });
  });

  test("can be ended with a last word", async () => {
    const { body, end, seen } = served(() => undefined);
    const text = new Response(body).text();
    end("last");
    end("again");
    expect(await text).toBe("last");
    expect(seen).toEqual({ ends: 1, broken: [], isLeft: true });
  });
});
