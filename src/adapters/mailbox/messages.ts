import type { Author, Member, Message } from "../../core/contract/adapter.ts";
import type { Bodies, Body } from "./bodies.ts";
import type { Step } from "./thread.ts";

export type { Bodies } from "./bodies.ts";

/** What the member sees of these mails: text, changes of status, both, or nothing. */
export async function messagesOf(
  bodies: Bodies,
  threadId: string,
  steps: readonly Step[],
  member: Member,
  signal: AbortSignal,
): Promise<readonly Message[]> {
  const spoken = steps.filter(({ entry }) => entry.kind !== "status" && entry.kind !== "rating");
  const found = await bodies.of(threadId, spoken, signal);
  return steps.flatMap((step) => [...saidIn(step, found.get(step.entry.key), member), ...changeOf(step, member)]);
}

export async function messageOf(
  bodies: Bodies,
  threadId: string,
  step: Step,
  member: Member,
  signal: AbortSignal,
): Promise<Message | undefined> {
  return (await messagesOf(bodies, threadId, [step], member, signal)).find(({ id }) => id === step.entry.key);
}

function saidIn(step: Step, body: Body | undefined, member: Member): readonly Message[] {
  if (body === undefined || (body.text === "" && body.attachments.length === 0)) return [];
  const { key, record } = step.entry;
  return [
    {
      id: key,
      ...(record === undefined ? {} : { clientId: record.clientId }),
      author: authorOf(step, member),
      text: body.text,
      at: new Date(step.at).toISOString(),
      ...(body.attachments.length > 0 ? { attachments: body.attachments } : {}),
    },
  ];
}

function changeOf(step: Step, member: Member): readonly Message[] {
  if (step.change === undefined) return [];
  const { at, change: status } = step;
  const id = `c${step.entry.key}`;
  return [{ id, author: authorOf(step, member), text: "", at: new Date(at).toISOString(), change: { status } }];
}

function authorOf({ by, entry }: Step, { id, name }: Member): Author {
  if (by === "member") return { id, ...(name === undefined ? {} : { name }), role: by };
  return { ...entry.author, role: by };
}
