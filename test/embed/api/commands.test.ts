import { expect, test, vi } from "vitest";
import { createCommands } from "../../../src/embed/api/commands.ts";
import type { Podpora } from "../../../src/embed/api/handle.ts";
import { nowhere } from "../../../src/embed/api/nowhere.ts";
import { revocable } from "../../../src/embed/api/revocable.ts";
import { consoleMessages } from "../../support/page.ts";

test("a command runs the verb of the widget, and gives its answer", () => {
  const open = vi.fn<() => Promise<void>>(async () => undefined);
  const command = createCommands(() => ({ ...nowhere, open }));
  command("init", {});
  expect(command("open", "chat")).toBeInstanceOf(Promise);
  expect(open).toHaveBeenCalledWith("chat");
});

test.each([
  ["fly", '"fly" is not a command; use one of init, identify, logout, open'],
  ["toString", '"toString" is not a command'],
  ["open", '"open" was called, but the widget did not start'],
])("the command %s before the widget has started is explained in the console", (verb, message) => {
  const messages = consoleMessages();
  createCommands(() => nowhere)(verb);
  expect(messages).toEqual([expect.stringContaining(message)]);
});

test("what an option or a verb throws, or a promise rejects with, goes to the console and not into the page", async () => {
  const messages = consoleMessages();
  const command = createCommands(() => ({
    ...nowhere,
    close: () => {
      throw new Error("close failed");
    },
    open: async () => await Promise.reject(new Error("open failed")),
  }));
  command("init", {});
  command("close");
  await Promise.allSettled([command("open")]);
  expect(messages).toEqual([expect.stringContaining("close failed"), expect.stringContaining("open failed")]);
});

test("init twice keeps the first widget; after destroy, init makes another one", () => {
  const messages = consoleMessages();
  const create = vi.fn<() => Podpora>(() => nowhere);
  const command = createCommands(create);
  command("init", {});
  command("init", {});
  expect(create).toHaveBeenCalledTimes(1);
  expect(messages).toEqual([expect.stringContaining('"init" was called twice')]);
  command("destroy");
  expect(command.isRunning()).toBe(false);
  command("init", {});
  expect(create).toHaveBeenCalledTimes(2);
  expect(messages).toHaveLength(1);
});

test("after destroy every command does nothing, and says nothing", async () => {
  const messages = consoleMessages();
  const open = vi.fn<() => Promise<void>>(async () => undefined);
  const command = createCommands(() => revocable({ ...nowhere, open }));
  command("init", {});
  command("destroy");
  await command("open");
  await command("logout");
  command("destroy");
  expect(open).not.toHaveBeenCalled();
  expect(messages).toEqual([]);
});
