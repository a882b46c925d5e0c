import { wordsIn } from "./desk.ts";
import type { Stage } from "./stage.ts";
import type { Tab } from "./tab.ts";

/** The words of sent and pending messages, in the chat or in the open thread. */
export function talkIn({ widget }: Tab, which: "chat" | "thread"): readonly string[] {
  const talk = which === "chat" ? widget.chat.peek() : widget.tickets.peek()?.thread.peek();
  const pending = talk?.pending.peek().map(({ item }) => item.text) ?? [];
  const messages = talk?.messages.peek().map(({ text }) => text) ?? [];
  return [...pending, ...messages].flatMap(wordsIn);
}

/** All of a person's words that a tab shows or holds. */
export function shownIn(tab: Tab): readonly string[] {
  const tickets = tab.widget.tickets.peek();
  const chat = tab.widget.chat.peek();
  const thread = tickets?.thread.peek();
  const texts = [
    tickets?.form.words.peek().text,
    chat?.form.peek().question,
    chat?.text.peek(),
    thread?.text.peek(),
    ...[tickets?.form.files, chat?.files, thread?.files].flatMap(
      (files) => files?.files.peek().map(({ file }) => file.name) ?? [],
    ),
  ];
  const written = texts.flatMap((text) => wordsIn(text ?? ""));
  return [...written, ...talkIn(tab, "chat"), ...talkIn(tab, "thread")];
}

/** The words that this browser has stored under keys with this prefix. */
export function storedWords({ world }: Stage, prefix = ""): readonly string[] {
  return [...world.storage.values].flatMap(([key, value]) => (key.startsWith(prefix) ? wordsIn(asText(value)) : []));
}

const asText = (value: unknown) =>
  JSON.stringify(value, (_key, each: unknown) => (each instanceof File ? each.name : each)) ?? "";
