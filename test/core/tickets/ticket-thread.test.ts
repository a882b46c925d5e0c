import { expect, onTestFinished, test } from "vitest";
import { AdapterError } from "../../../src/core/contract/errors.ts";
import { memoryStorage } from "../../../src/core/delivery/storage.ts";
import { TicketFormModel } from "../../../src/core/tickets/ticket-form.ts";
import { TicketsModel } from "../../../src/core/tickets/tickets.ts";
import { anasDesk, bench, context, picture } from "../../support/scope.ts";
import { anasTicket, withTickets } from "../../support/tickets.ts";

const nothing = () => undefined;

/** Ana looks at a ticket of hers; the answer to a reply waits until `answer` is called. */
async function openThread() {
  const desk = anasDesk();
  const { id } = await anasTicket(desk, "x");
  let answer: () => void = nothing;
  const gate = new Promise<void>((resolve) => (answer = resolve));
  let isLost = false;
  const adapter = withTickets(desk, {
    async reply(...args) {
      const message = await desk.tickets!.reply!(...args);
      await gate;
      if (isLost) throw new AdapterError("network", "the answer was lost", { retryAfterMs: 600_000 });
      return message;
    },
  });
  const scope = bench(adapter);
  const tickets = new TicketsModel(scope, { onSubmitted: nothing, onReply: nothing, onAwaiting: nothing });
  onTestFinished(() => {
    tickets[Symbol.dispose]();
    scope.leave();
  });
  tickets.watch();
  tickets.openThread(id);
  const thread = tickets.thread.value!;
  await expect.poll(() => thread.status.value).toBe("ready");
  await expect.poll(() => desk.agent.listeners()).toBe(1);
  const times = (text: string) => [
    thread.messages.value.filter((message) => message.text === text).length,
    thread.pending.value.filter(({ item }) => item.text === text).length,
  ];
  return { thread, times, answer: () => answer(), lose: () => (isLost = true) };
}

test("a reply that the stream brings before its answer is on the screen once", async () => {
  const { thread, times, answer } = await openThread();
  thread.write("only once");
  await thread.send();
  await expect.poll(() => times("only once")).toEqual([1, 0]);
  answer();
  await expect.poll(() => thread.pending.value.length).toBe(0);
  expect(times("only once")).toEqual([1, 0]);
});

test("a reply whose answer was lost does not say that it was not sent, when the stream has brought it", async () => {
  const { thread, times, answer, lose } = await openThread();
  lose();
  thread.write("only once");
  await thread.send();
  answer();
  await expect.poll(() => times("only once")).toEqual([1, 0]);
});

test("a form that is submitted right after a reload, before the storage has answered, goes with its files", async () => {
  const storage = memoryStorage();
  const desk = anasDesk();
  const before = new TicketFormModel(bench(desk, storage), nothing);
  before.write({ title: "t", text: "x" });
  before.files.add([picture("a.png")]);
  await expect.poll(() => before.files.files.value[0]?.state.status).toBe("done");
  const [id] = before.files.files.value.map((file) => file.id);
  await expect.poll(() => storage.get(`file/${id}`)).toMatchObject({ attachment: { name: "a.png" } });
  before[Symbol.dispose]();
  const slow = {
    ...storage,
    async get(key: string) {
      if (key === "ticket-files") await new Promise((resolve) => setTimeout(resolve, 30));
      return await storage.get(key);
    },
  };
  const after = new TicketFormModel(bench(desk, slow), nothing);
  await after.submit();
  await expect.poll(async () => (await desk.tickets?.list?.({ filter: "all" }, context()))?.items.length).toBe(1);
  const [ticket] = (await desk.tickets?.list?.({ filter: "all" }, context()))?.items ?? [];
  const [first] = (await desk.tickets?.thread?.(ticket!.id, undefined, context()))?.items ?? [];
  expect(first?.attachments?.map(({ name }) => name)).toEqual(["a.png"]);
  await expect.poll(() => storage.keys("")).toEqual(["ticket-outbox"]);
  expect(await storage.get("ticket-outbox")).toEqual([]);
});
