import type { CallContext, Member } from "../../src/core/contract/adapter.ts";
import { openDesk, type DemoDesk, type DeskOptions } from "./desk.ts";
import type { Agent } from "./agents.ts";
import { agentPicture } from "./agent-picture.ts";
import type { Colour } from "./png.ts";
import { invoicePicture } from "./seed-picture.ts";
import { anasTickets, type SeedStep } from "./seed-tickets.ts";

const ana: Member = { id: "ana", name: "Ana Novak", email: "ana@example.org", rank: "Silver", locale: "sl" };
const members: readonly Member[] = [
  ana,
  { id: "boris", name: "Boris Kranjc", email: "boris@example.org", rank: "Bronze", locale: "sl" },
  { id: "carla", name: "Carla Rossi", email: "carla@example.org", rank: "Gold", locale: "en" },
];

const nina: Agent = { id: "nina", name: "Nina", languages: ["en"] };
const agents: readonly (readonly [Agent, Colour])[] = [
  [nina, [61, 82, 213]],
  [{ id: "oto", name: "Oto", languages: ["en"] }, [27, 122, 70]],
];

/**
 * Creates the demo's people and a few tickets with a history, so that answer times are known from the start.
 * Idempotent. All passwords are `<name>-demo`.
 */
export async function seed({ directory, now = Date.now }: Pick<DeskOptions, "directory" | "now">): Promise<void> {
  let agoMs = 0;
  const desk = await openDesk({ directory, now: () => now() - agoMs });
  try {
    for (const member of members) await desk.addMember(member, member.id, `${member.id}-demo`);
    for (const [agent, colour] of agents) {
      await desk.addAgent(agent, agent.id, `${agent.id}-demo`, agentPicture(agent.id, colour));
    }
    const there = await desk.adapter.tickets.counts(asAna());
    if (there.all > 0) return;
    for (const ticket of anasTickets) {
      agoMs = ticket.agoMs;
      const { id } = await desk.adapter.tickets.create(ticket.draft, asAna());
      for (const step of ticket.steps) {
        agoMs = step.agoMs;
        await take(desk, id, step);
      }
    }
  } finally {
    desk.close();
  }
}

async function take(desk: DemoDesk, ticketId: string, step: SeedStep): Promise<void> {
  const { tickets } = desk.adapter;
  if ("rates" in step) await tickets.rate(ticketId, step.rates, asAna());
  else if ("resolves" in step) desk.agents.tickets.setStatus(nina, ticketId, "resolved");
  else if (step.by === "member") await tickets.reply(ticketId, { clientId: step.clientId, text: step.text }, asAna());
  else {
    const attachments: string[] = [];
    for (const name of step.pictures ?? []) {
      const { signal } = new AbortController();
      attachments.push((await desk.agents.files.upload(nina, invoicePicture(name), crypto.randomUUID(), signal)).id);
    }
    const draft = { clientId: step.clientId, text: step.text(attachments), attachments };
    desk.agents.tickets.write(nina, ticketId, draft, step.kind);
  }
}

function asAna(): CallContext {
  return { signal: new AbortController().signal, locale: "sl", member: ana };
}
