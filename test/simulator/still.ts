import { wordsIn } from "./desk.ts";
import type { Stage } from "./stage.ts";
import type { Tab } from "./tab.ts";
import { send } from "./writing.ts";

/** Pending work in this tab, which must not last. */
export function stillIn({ name, widget }: Tab): readonly string[] {
  const problems: string[] = [];
  const chat = widget.chat.peek();
  const { status } = widget.session.state.peek();
  if (status !== "ready") problems.push(`${name} is still ${status}`);
  if (widget.session.session.peek()?.access.chat.allowed && !chat) problems.push(`${name} still waits for the chat`);
  if (chat?.loading.peek()) problems.push(`${name} still looks for its chat`);
  if (chat?.starting.peek()) problems.push(`${name} still starts its chat`);
  const sending = widget.tickets.peek()?.form.sending.peek();
  if (status === "ready" && sending !== "idle") problems.push(`${name} is still ${sending} its ticket`);
  const pending = [...(chat?.pending.peek() ?? []), ...(widget.tickets.peek()?.thread.peek()?.pending.peek() ?? [])];
  for (const { item, state } of pending) {
    if (state.status !== "refused") problems.push(`${name} is still ${state.status}: ${item.text}`);
  }
  return problems;
}

/** What the desk has refused in this tab and can be resent. Excludes what may have arrived. */
export function refusedIn({ widget }: Tab): readonly string[] {
  const chat = widget.chat.peek();
  const tickets = widget.tickets.peek();
  const pending = [...(chat?.pending.peek() ?? []), ...(tickets?.thread.peek()?.pending.peek() ?? [])];
  const texts = pending.flatMap(({ item, state }) =>
    state.status === "refused" && state.code === "invalid" ? [item.text] : [],
  );
  const form = tickets?.form;
  // A file uploaded in an expired session is refused until the member removes it.
  const isMended = form?.sending.peek() === "idle" && form.files.files.peek().length === 0;
  if (isMended && form.failure.peek()?.code === "invalid") texts.push(form.words.peek().text);
  const isForm = chat && !chat.conversation.peek() && !chat.starting.peek();
  if (isForm && chat.failure.peek() === "invalid") texts.push(chat.form.peek().question);
  return texts.filter((text) => wordsIn(text).length > 0);
}

/** Something in this tab may have arrived. Resending could duplicate it, so this person does not. */
export function isUncertain({ widget }: Tab): boolean {
  const chat = widget.chat.peek();
  const tickets = widget.tickets.peek();
  const pending = [...(chat?.pending.peek() ?? []), ...(tickets?.thread.peek()?.pending.peek() ?? [])];
  const codes = pending.map(({ state }) => state.status === "refused" && state.code);
  return [...codes, chat?.failure.peek(), tickets?.form.failure.peek()?.code].includes("unknown");
}

/** The member clicks "Try again", or submits the restored form. */
export function tryAgain(stage: Stage, tab: Tab): void {
  const chat = tab.widget.chat.peek();
  const tickets = tab.widget.tickets.peek();
  tickets?.thread.peek()?.retry();
  chat?.retry();
  if (tickets?.form.failure.peek()) send(stage, tab, "ticket");
  if (chat?.failure.peek() && !chat.conversation.peek() && chat.form.peek().question) void chat.startAnyway();
}
