import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openDesk } from "../../demo/desk/desk.ts";
import { ana, boris, by, draft, nina, present, request, seededDesk } from "./desk.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] }));
afterEach(() => void vi.useRealTimers());

type Stage = Awaited<ReturnType<typeof seededDesk>>;

/** The desk checks once a second who is present; its clock advances with it. */
function pass(stage: Stage, ms: number): void {
  for (let passed = 0; passed < ms; passed += 1000) {
    stage.clock.at += 1000;
    vi.advanceTimersByTime(1000);
  }
}

/** A member's stream, as a page opens it. */
async function listening(stage: Stage, id: string) {
  const page = new AbortController();
  const events = stage.chat.events(id, undefined, { ...by(ana), signal: page.signal });
  const all: unknown[] = [];
  const read = (async () => {
    for await (const event of events) all.push(event);
  })();
  await expect.poll(() => all.length).toBeGreaterThan(0);
  return {
    async cut() {
      page.abort();
      await read;
    },
  };
}

const lastLine = (stage: Stage, id: string) => stage.desk.agents.chat.transcript(id).messages.at(-1);

describe("a waiting member", () => {
  test("keeps the place while a stream is open, and for a grace period after the last one is cut", async () => {
    await using stage = await seededDesk({ graceMs: 5000 });
    const { id, graceMs } = await stage.chat.open(request(), by(ana));
    expect(graceMs).toBe(5000);
    const [phone, page] = [await listening(stage, id), await listening(stage, id)];
    pass(stage, 60_000);
    await phone.cut();
    pass(stage, 60_000);
    await page.cut();
    pass(stage, 4000);
    expect(await stage.chat.current(by(ana))).toMatchObject({ id, position: 1 });
    const back = await listening(stage, id);
    pass(stage, 60_000);
    expect(await stage.chat.current(by(ana))).toMatchObject({ id, position: 1 });
    await back.cut();
    pass(stage, 6000);
    expect(await stage.chat.current(by(ana))).toBeUndefined();
    expect(await stage.chat.last(by(ana))).toMatchObject({ id, status: "ended" });
    expect(lastLine(stage, id)).toMatchObject({ author: { role: "system" }, text: expect.stringMatching(/^Predolgo/) });
  });

  test("who loses the place lets those behind move up", async () => {
    await using stage = await seededDesk({ graceMs: 5000 });
    await stage.chat.open(request(), by(boris));
    const { id } = await stage.chat.open(request(), by(ana));
    const page = await listening(stage, id);
    pass(stage, 6000);
    expect(await stage.chat.current(by(boris))).toBeUndefined();
    expect(await stage.chat.current(by(ana))).toMatchObject({ id, position: 1 });
    await page.cut();
  });

  test("counts as absent from the restart of a desk, not before", async () => {
    await using stage = await seededDesk({ graceMs: 5000 });
    const { id } = await stage.chat.open(request(), by(ana));
    pass(stage, 4000);
    stage.desk.close();
    stage.clock.at += 3_600_000;
    const desk = await openDesk({ directory: stage.directory, now: () => stage.clock.at, graceMs: 5000 });
    const { chat } = desk.adapter;
    pass(stage, 5000);
    expect(await chat.current(by(ana))).toMatchObject({ id });
    pass(stage, 2000);
    expect(await chat.current(by(ana))).toBeUndefined();
    desk.close();
  });

  test("keeps a chat that an agent has taken, however long no stream is open", async () => {
    await using stage = await seededDesk({ graceMs: 5000 });
    const { id } = await stage.chat.open(request(), by(ana));
    await present(stage, "nina");
    stage.desk.agents.chat.take(nina, id);
    pass(stage, 60_000);
    expect(await stage.chat.current(by(ana))).toMatchObject({ id, status: "active" });
  });
});

describe("an agent", () => {
  test("who is absent for over a minute loses their chats to the front of the queue, in order", async () => {
    await using stage = await seededDesk();
    const { chat, desk } = stage;
    const page = await present(stage, "nina");
    const [first, second, third] = [
      await chat.open(request(), by(ana)),
      await chat.open(request(), by(boris)),
      await chat.open(request(), by({ id: "carla" })),
    ];
    desk.agents.chat.take(nina, first.id);
    desk.agents.chat.take(nina, second.id);
    page.leave();
    pass(stage, 55_000);
    expect(await chat.current(by(ana))).toMatchObject({ status: "active" });
    pass(stage, 20_000);
    expect(await chat.current(by(ana))).toMatchObject({ id: first.id, status: "queued", position: 1 });
    expect(await chat.current(by(boris))).toMatchObject({ id: second.id, status: "queued", position: 2 });
    expect(await chat.current(by({ id: "carla" }))).toMatchObject({ id: third.id, position: 3 });
    expect((await chat.current(by(ana)))?.agent).toBeUndefined();
    expect(lastLine(stage, first.id)?.text).toBe("Nina ni več v klepetu. Ste prvi v čakalni vrsti.");
  });

  test("whose page reloads, or who returns within a minute, keeps them", async () => {
    await using stage = await seededDesk();
    const { chat, desk } = stage;
    const page = await present(stage, "nina");
    const { id } = await chat.open(request(), by(ana));
    desk.agents.chat.take(nina, id);
    page.leave();
    pass(stage, 60_000);
    await present(stage, "nina");
    pass(stage, 120_000);
    expect(await chat.current(by(ana))).toMatchObject({ status: "active", agent: { id: "nina" } });
  });

  test("who signs out loses them immediately, unless they are signed in elsewhere too", async () => {
    await using stage = await seededDesk();
    const { chat, desk } = stage;
    const [office, home] = [await present(stage, "nina"), await present(stage, "nina")];
    const { id } = await chat.open(request(), by(ana));
    desk.agents.chat.take(nina, id);
    office.signOut();
    expect(await chat.current(by(ana))).toMatchObject({ status: "active" });
    home.signOut();
    expect(await chat.current(by(ana))).toMatchObject({ status: "queued", position: 1 });
    const oto = await present(stage, "oto");
    desk.agents.chat.take(oto.agent, id);
    expect(desk.agents.chat.say(oto.agent, id, draft("Here I am"))).toMatchObject({ author: { id: "oto" } });
  });
});
