import type { CallContext, Member } from "../../src/core/adapter.ts";
import type { DemoDesk } from "./desk.ts";
import type { Agent } from "./agents.ts";
import { anasTickets } from "./seed-tickets.ts";

const members: readonly (Member & { readonly id: string })[] = [
  { id: "ana", name: "Ana Novak", email: "ana@example.org", rank: "Silver", locale: "sl" },
  { id: "boris", name: "Boris Kranjc", email: "boris@example.org", rank: "Bronze", locale: "sl" },
  { id: "carla", name: "Carla Rossi", email: "carla@example.org", rank: "Gold", locale: "en" },
];

const agents: readonly Agent[] = [
  { id: "nina", name: "Nina", languages: ["en"] },
  { id: "oto", name: "Oto", languages: ["en"] },
];

/** The demo's people and a few tickets. Doing it again changes nothing. Everybody's password is `<name>-demo`. */
export async function seed(desk: DemoDesk): Promise<void> {
  for (const member of members) await desk.addMember(member, member.id, `${member.id}-demo`);
  for (const agent of agents) await desk.addAgent(agent, agent.id, `${agent.id}-demo`);
  const [ana] = members;
  const [nina] = agents;
  if (ana && nina) await fileTickets(desk, ana, nina);
}

async function fileTickets(desk: DemoDesk, member: Member, agent: Agent): Promise<void> {
  const { tickets } = desk.adapter;
  const ctx: CallContext = { signal: new AbortController().signal, locale: "sl", member };
  const there = await tickets.list({ filter: "all", limit: 1 }, ctx);
  if (there.items.length > 0) return;
  for (const { draft, answers, resolved } of anasTickets) {
    const ticket = await tickets.create(draft, ctx);
    for (const { kind, ...answer } of answers) {
      if (kind === "member") await tickets.reply(ticket.id, answer, ctx);
      else desk.agents.tickets.write(agent, ticket.id, answer, kind);
    }
    if (resolved) desk.agents.tickets.resolve(ticket.id);
  }
}
