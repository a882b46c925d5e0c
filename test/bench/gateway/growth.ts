import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDesk } from "../../../demo/desk/desk.ts";
import type { CallContext } from "../../../src/core/contract/adapter.ts";

export interface Growth {
  readonly of: string;
  readonly sizes: readonly number[];
  readonly calls: readonly { readonly name: string; readonly ms: readonly number[] }[];
}

type Desk = Awaited<ReturnType<typeof openDesk>>;

interface Plan {
  readonly of: string;
  readonly sizes: readonly number[];
  /** Makes number `index`. */
  readonly grow: (desk: Desk, index: number) => Promise<unknown>;
  readonly calls: Readonly<Record<string, (desk: Desk, size: number) => Promise<unknown>>>;
}

const times = 60;
const agent = { id: "nina", name: "Nina", languages: ["en"] };

const picture = new File([new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])], "nina.png", {
  type: "image/png",
});

const as = (id: string): CallContext => ({
  signal: new AbortController().signal,
  locale: "en",
  member: { id, name: id, email: `${id}@example.org` },
});
const draft = () => ({ clientId: crypto.randomUUID(), title: "The printer prints nothing", text: "Since Monday." });
const message = () => ({ clientId: crypto.randomUUID(), text: "It smokes, too." });
const joinQueue = async (desk: Desk, id: string) =>
  await desk.adapter.chat.open(
    { clientId: crypto.randomUUID(), name: id, email: `${id}@example.org`, question: "Where is it?" },
    as(id),
  );
async function active(desk: Desk, id: string) {
  const conversation = await joinQueue(desk, id);
  desk.agents.chat.take(agent, conversation.id);
  return conversation;
}
const currentOf = async (desk: Desk, id: string) => (await desk.adapter.chat.current(as(id)))?.id ?? "";

const plans: readonly Plan[] = [
  {
    of: "tickets of one member",
    sizes: [10, 100, 1_000, 10_000, 100_000],
    grow: async (desk) => await desk.adapter.tickets.create(draft(), as("ana")),
    calls: {
      list: async (desk) => await desk.adapter.tickets.list({ filter: "open" }, as("ana")),
      counts: async (desk) => await desk.adapter.tickets.counts(as("ana")),
      submit: async (desk) => await desk.adapter.tickets.create(draft(), as("ana")),
    },
  },
  {
    of: "messages in one chat",
    sizes: [10, 100, 1_000, 10_000, 100_000],
    async grow(desk, index) {
      if (index === 0) await active(desk, "ana");
      await desk.adapter.chat.send(await currentOf(desk, "ana"), message(), as("ana"));
    },
    calls: {
      "newest page": async (desk) =>
        await desk.adapter.chat.history(await currentOf(desk, "ana"), undefined, as("ana")),
      send: async (desk) => await desk.adapter.chat.send(await currentOf(desk, "ana"), message(), as("ana")),
    },
  },
  {
    of: "running chats",
    sizes: [1, 10, 100, 1_000, 5_000],
    grow: async (desk, index) => await active(desk, `member-${index}`),
    calls: {
      "send in one of them": async (desk) =>
        await desk.adapter.chat.send(await currentOf(desk, "member-0"), message(), as("member-0")),
      availability: async (desk) => await desk.adapter.chat.availability(as("member-0")),
    },
  },
  {
    of: "members in the queue",
    sizes: [1, 10, 100, 1_000, 10_000],
    grow: async (desk, index) => await joinQueue(desk, `member-${index}`),
    calls: {
      "the last one's place": async (desk, size) => await desk.adapter.chat.current(as(`member-${size - 1}`)),
      availability: async (desk) => await desk.adapter.chat.availability(as("member-0")),
      "send while waiting": async (desk) =>
        await desk.adapter.chat.send(await currentOf(desk, "member-0"), message(), as("member-0")),
    },
  },
];

async function median(call: () => Promise<unknown>): Promise<number> {
  const all: number[] = [];
  for (let time = 0; time < times; time += 1) {
    const began = performance.now();
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await call();
    all.push(performance.now() - began);
  }
  return all.toSorted((one, other) => one - other)[Math.floor(times / 2)] ?? 0;
}

/** What a call of the demo desk takes as it fills. In memory where there is such a folder: a disk's sync would hide the rest. */
export async function measureGrowth(tell: (line: string) => void): Promise<readonly Growth[]> {
  const growth: Growth[] = [];
  for (const { of, sizes, grow, calls } of plans) {
    // oxlint-disable no-await-in-loop -- one desk after the other
    const directory = await mkdtemp(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "podpora-bench-"));
    const desk = await openDesk({ directory });
    await desk.addAgent(agent, agent.id, "nina-demo", picture);
    const names = Object.keys(calls);
    const ms = new Map(names.map((name) => [name, [] as number[]]));
    let made = 0;
    for (const size of sizes) {
      const began = performance.now();
      for (; made < size; made += 1) await grow(desk, made);
      tell(`${of}: ${size} made in ${Math.round(performance.now() - began)} ms`);
      for (const [name, call] of Object.entries(calls)) ms.get(name)?.push(await median(() => call(desk, size)));
    }
    desk.close();
    await rm(directory, { recursive: true, force: true });
    // oxlint-enable no-await-in-loop
    growth.push({ of, sizes, calls: [...ms].map(([name, all]) => ({ name, ms: all })) });
  }
  return growth;
}
