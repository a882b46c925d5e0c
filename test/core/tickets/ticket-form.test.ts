import { expect, test, vi } from "vitest";
import type { Ticket } from "../../../src/core/contract/adapter.ts";
import { AdapterError } from "../../../src/core/contract/errors.ts";
import { memoryStorage } from "../../../src/core/delivery/storage.ts";
import { TicketFormModel } from "../../../src/core/tickets/ticket-form.ts";
import { anasDesk, bench, context, picture } from "../../support/scope.ts";

function open(adapter = anasDesk(), storage = memoryStorage()) {
  const created = vi.fn<(ticket: Ticket) => void>();
  const form = new TicketFormModel(bench(adapter, storage), created);
  return { adapter, storage, created, form };
}

test("a submitted form makes one ticket, whole, and empties itself", async () => {
  const { form, created, adapter } = open();
  form.write({ title: "Naročila", text: "Odprem košarico." });
  form.files.add([picture()]);
  await Promise.all([form.submit(), form.submit()]);
  await expect.poll(() => created.mock.calls.length).toBe(1);
  const page = await adapter.tickets?.list?.({ filter: "all" }, context());
  expect(page?.items.map(({ title }) => title)).toEqual(["Naročila"]);
  expect(form.words.value).toMatchObject({ title: "", text: "" });
  expect(form.files.files.value).toEqual([]);
  expect(form.sending.value).toBe("idle");
});

test("what the desk refuses comes back into the form, with the field that it names", async () => {
  const adapter = anasDesk();
  const refusing = {
    ...adapter,
    tickets: {
      create: () => Promise.reject(new AdapterError("invalid", "too short", { fields: { title: "too short" } })),
    },
  };
  const { form } = open({ ...refusing, agent: adapter.agent });
  form.write({ title: "x", text: "y" });
  await form.submit();
  await expect.poll(() => form.failure.value).toEqual({ code: "invalid", fields: { title: "too short" } });
  expect(form.words.value).toMatchObject({ title: "x", text: "y" });
  expect(form.sending.value).toBe("idle");
});

test("a desk that answers with nothing is an error: the words come back, and no ticket is thanked for", async () => {
  const adapter = anasDesk();
  const create = async () => undefined as unknown as Ticket;
  const { form, created } = open({ ...adapter, tickets: { create } });
  form.write({ title: "x", text: "y" });
  await form.submit();
  await expect.poll(() => form.failure.value).toEqual({ code: "unknown" });
  expect(form.words.value).toMatchObject({ title: "x", text: "y" });
  expect(created).not.toHaveBeenCalled();
});

test("words and files survive a reload, and an uploaded file is not uploaded again", async () => {
  const { form, storage, adapter } = open();
  form.write({ title: "Naročila" });
  form.files.add([picture("a.png")]);
  await expect.poll(() => form.files.files.value[0]?.state.status).toBe("done");
  const [id] = form.files.files.value.map((file) => file.id);
  await expect.poll(() => storage.get(`file/${id}`)).toMatchObject({ attachment: { name: "a.png" } });
  form[Symbol.dispose]();

  const upload = vi.spyOn(adapter.uploads!, "upload");
  const again = open(adapter, storage);
  await expect.poll(() => again.form.words.value.title).toBe("Naročila");
  await expect.poll(() => again.form.files.files.value.map(({ state }) => state.status)).toEqual(["done"]);
  expect(upload).not.toHaveBeenCalled();
});

test.each([
  ["empty.png", 0, "image/png", "empty"],
  ["big.png", 200, "image/png", "too-large"],
  ["virus.exe", 10, "application/x-msdownload", "type"],
] as const)("%s is not taken, and the reason is said", (name, bytes, type, reason) => {
  const { form } = open(anasDesk({ limits: { maxBytes: 100, maxFiles: 2, accept: ["image/*"] } }));
  form.files.add([new File([new Uint8Array(bytes)], name, { type })]);
  expect(form.files.files.value).toEqual([]);
  expect(form.files.rejected.value).toEqual([{ name, reason }]);
});

test("one file too many is left out, the others stay", () => {
  const { form } = open(anasDesk({ limits: { maxFiles: 2 } }));
  form.files.add([picture("a.png"), picture("b.png"), picture("c.png")]);
  expect(form.files.files.value.map(({ file }) => file.name)).toEqual(["a.png", "b.png"]);
  expect(form.files.rejected.value).toEqual([{ name: "c.png", reason: "too-many" }]);
});
