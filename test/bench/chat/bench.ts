import { setTimeout as pause } from "node:timers/promises";
import { type Agent, signIn } from "./agent.ts";
import type { MembersCalls, Place } from "./members.ts";
import { startRemote, type Remote } from "./remote.ts";
import type { Memory, Opened, ServerCalls } from "./server.ts";

export interface Plan {
  /** How many conversations are open, ascending: at each the messages are measured. */
  readonly steps: readonly number[];
  /** Fewer streams than these say nothing about what one takes. */
  readonly memoryFrom: number;
  /** Streams to cut, at the step with as many. */
  readonly storms: readonly number[];
  readonly messagesPerSecond: number;
  readonly talkMs: number;
  /** How long a storm may take until all are back. */
  readonly stormMs: number;
}

export interface StepFigures {
  readonly open: number;
  readonly messages: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly mostMs: number;
  /** Of one core: 1 is all of it. */
  readonly cpu: number;
  /** Bytes for each open stream: what the server has more than before the second step, after everything since. */
  readonly perStream: Memory | undefined;
}

export interface StormFigures {
  readonly cut: number;
  /** Until every stream was live again; undefined when some were not in time. */
  readonly backMs: number | undefined;
  readonly messages: number;
  readonly missed: number;
  readonly again: number;
}

export interface Figures {
  readonly steps: readonly StepFigures[];
  readonly storms: readonly StormFigures[];
  /** Over everything: sent and never heard, heard twice or out of order, streams cut without being asked to. */
  readonly missed: number;
  readonly again: number;
  readonly unasked: number;
}

interface Stage {
  readonly plan: Plan;
  readonly server: Remote<ServerCalls>;
  readonly members: Remote<MembersCalls>;
  readonly agent: Agent;
  readonly place: Place;
  readonly conversations: Opened[];
}

const settleMs = 2000;

/** Starts everything, runs the plan and tells each figure when it is there. `flags` are for the server's Node. */
export async function measure(plan: Plan, flags: readonly string[], tell: (line: string) => void): Promise<Figures> {
  const server = startRemote<ServerCalls>(new URL("server.ts", import.meta.url), ["--expose-gc", ...flags]);
  const members = startRemote<MembersCalls>(new URL("members.ts", import.meta.url));
  try {
    const { agent: credentials, origin, siteSecret } = await server.call("start", undefined);
    const agent = await signIn(origin, credentials);
    const stage: Stage = { plan, server, members, agent, place: { origin, siteSecret }, conversations: [] };
    const steps: StepFigures[] = [];
    const storms: StormFigures[] = [];
    let warm: Memory | undefined;
    for (const open of plan.steps) {
      if (steps.length === 1) warm = await server.call("memory", undefined);
      await openUpTo(stage, open);
      const perStream = warm && open >= plan.memoryFrom ? await grown(stage, warm) : undefined;
      const step = { open, ...(await talk(stage)), perStream };
      steps.push(step);
      tell(`${open} open: p50 ${step.p50Ms.toFixed(1)} ms, p99 ${step.p99Ms.toFixed(1)} ms`);
      if (!plan.storms.includes(open)) continue;
      const storm = await weather(stage, open);
      storms.push(storm);
      tell(`${open} cut: back after ${storm.backMs?.toFixed(0) ?? "?"} ms`);
    }
    const { again, cuts } = await members.call("faults", undefined);
    const missed = await missing(stage);
    agent.leave();
    return { steps, storms, missed, again, unasked: cuts - storms.reduce((sum, { cut }) => sum + cut, 0) };
  } finally {
    await members.stop();
    await server.stop();
  }
}

async function openUpTo({ conversations, members, place, server }: Stage, open: number): Promise<void> {
  const first = conversations.length;
  const more = await server.call("open", { first, count: open - first });
  conversations.push(...more);
  await members.call("open", { conversations: more, place });
}

async function grown({ conversations, server }: Stage, since: Memory): Promise<Memory> {
  const { heap, rss } = await server.call("memory", undefined);
  return { rss: (rss - since.rss) / conversations.length, heap: (heap - since.heap) / conversations.length };
}

async function talk(stage: Stage): Promise<Omit<StepFigures, "open" | "perStream">> {
  const { agent, members, plan, server } = stage;
  const rate = { perSecond: plan.messagesPerSecond, ms: plan.talkMs };
  const ids = stage.conversations.map(({ id }) => id);
  // The first ones find nothing ready.
  await agent.talk(ids, { ...rate, ms: plan.talkMs / 10 });
  await settled(stage);
  await members.call("heard", undefined);

  const [cpuBefore, began] = [await server.call("cpuMs", undefined), performance.now()];
  await agent.talk(ids, rate);
  const cpu = ((await server.call("cpuMs", undefined)) - cpuBefore) / (performance.now() - began);
  await settled(stage);
  const tookMs = (await members.call("heard", undefined)).toSorted((one, other) => one - other);
  return { messages: tookMs.length, p50Ms: part(tookMs, 0.5), p99Ms: part(tookMs, 0.99), mostMs: part(tookMs, 1), cpu };
}

/** All cut at once while the agent goes on talking. */
async function weather(stage: Stage, cut: number): Promise<StormFigures> {
  const { agent, members, plan, server } = stage;
  const ids = stage.conversations.map(({ id }) => id);
  const before = await members.call("faults", undefined);
  await members.call("heard", undefined);
  const talking = agent.talk(ids, { perSecond: plan.messagesPerSecond, ms: plan.stormMs });
  await pause(plan.stormMs / 10);
  const began = performance.now();
  await server.call("cut", cut);
  let backMs: number | undefined;
  while (backMs === undefined && performance.now() - began < plan.stormMs) {
    const noticed = (await members.call("faults", undefined)).cuts - before.cuts >= cut;
    if (noticed && (await members.call("waiting", undefined)) === 0) backMs = performance.now() - began;
    else await pause(20);
  }
  await talking;
  await settled(stage);
  const [heard, after] = [await members.call("heard", undefined), await members.call("faults", undefined)];
  return { cut, backMs, messages: heard.length, missed: await missing(stage), again: after.again - before.again };
}

/** Until everything sent is heard, or nothing has come for a while. */
async function settled(stage: Stage): Promise<void> {
  const until = performance.now() + settleMs;
  while (performance.now() < until && (await missing(stage)) > 0) await pause(20);
}

async function missing({ agent, members }: Stage): Promise<number> {
  const reached = await members.call("reached", undefined);
  const { skipped } = await members.call("faults", undefined);
  const behind = [...agent.sent()].reduce((sum, [id, sent]) => sum + sent - (reached[id] ?? 0), 0);
  return behind + skipped;
}

function part(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
