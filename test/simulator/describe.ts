import { personIn, type Stage } from "./stage.ts";
import type { Tab } from "./tab.ts";

/** The state of the world in readable form: what each tab shows, and what the desk has. */
export function describeStage({ world, tabs }: Stage): readonly string[] {
  const { desk, clock } = world;
  const arrivals = desk.arrivals.map(
    ({ word, recordId, memberId }) => `${word} in ${recordId} of ${memberId.slice(0, 10)}`,
  );
  return [
    `${new Date(clock.now()).toISOString().slice(11, 23)}  desk: ${arrivals.join(", ") || "nothing"}`,
    ...tabs.map(describeTab),
  ];
}

function describeTab(tab: Tab): string {
  const { widget, link } = tab;
  const tickets = widget.tickets.peek();
  const thread = tickets?.thread.peek();
  const chat = widget.chat.peek();
  const conversation = chat?.conversation.peek();
  const pending = [...(chat?.pending.peek() ?? []), ...(thread?.pending.peek() ?? [])];
  const parts = [
    personIn(tab)?.name ?? widget.session.state.peek().status,
    link.isAsleep && "asleep",
    !link.online && "offline",
    link.holdStreams && "streams held",
    tickets && `form "${tickets.form.words.peek().text}" ${tickets.form.sending.peek()}`,
    thread && `thread ${thread.id.peek()} "${thread.text.peek()}"`,
    chat && !conversation && `chat form "${chat.form.peek().question}"${chat.starting.peek() ? " starting" : ""}`,
    conversation && `chat ${conversation.id} ${conversation.status} "${chat?.text.peek()}"`,
    ...pending.map(({ item, state }) => `${state.status} "${item.text}"`),
  ];
  return `  ${tab.name}: ${parts.filter(Boolean).join(" · ")}`;
}
