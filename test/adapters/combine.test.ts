import { expect, test, vi } from "vitest";
import { combine } from "../../src/adapters/combine.ts";
import { memory } from "../../src/adapters/memory/index.ts";

test("each part is the one of the adapter given for it, and only of those given", () => {
  const [first, second] = [memory(), memory()];
  const both = combine({ tickets: first, uploads: first, chat: second });
  expect(both.tickets).toBe(first.tickets);
  expect(both.uploads).toBe(first.uploads);
  expect(both.chat).toBe(second.chat);
  expect(Object.keys(both).toSorted()).toEqual(["chat", "dispose", "name", "tickets", "uploads"]);
});

test("the name is made of the adapters' names, or given", () => {
  const other = { ...memory(), name: "other" };
  expect(combine({ tickets: memory(), chat: other }).name).toBe("memory-other");
  expect(combine({ name: "mine", tickets: memory() }).name).toBe("mine");
});

test("an adapter without the part that it is given for is told at once", () => {
  expect(() => combine({ accounts: memory() })).toThrow('the adapter "memory" has no accounts');
});

test("disposing disposes of each adapter once, also of one given twice, also when another fails", async () => {
  const [good, bad] = [vi.fn<() => void>(), vi.fn<() => Promise<void>>(() => Promise.reject(new Error("stuck")))];
  const both = combine({
    chat: { ...memory(), dispose: bad },
    tickets: { ...memory(), dispose: good },
  });
  await expect(both.dispose?.()).rejects.toThrow("not every adapter");
  await expect(both.dispose?.()).rejects.toThrow("not every adapter");
  expect(good).toHaveBeenCalledOnce();
  expect(bad).toHaveBeenCalledOnce();

  const twice = { ...memory(), dispose: vi.fn<() => void>() };
  await combine({ tickets: twice, chat: twice }).dispose?.();
  expect(twice.dispose).toHaveBeenCalledOnce();
});
