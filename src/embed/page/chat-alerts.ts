import { effect } from "@preact/signals-core";
import type { WidgetModel } from "../../core/widget.ts";
import type { I18n } from "../../i18n/index.ts";
import type { Alerts } from "./alerts.ts";

/** By then, the tab in which the member reads the message has told the others. */
const graceMs = 1_000;

/** Alerts the member when it is their turn, and for unseen messages. Returns a function that stops it. */
export function followChatNews(widget: InstanceType<typeof WidgetModel>, alerts: Alerts, { t }: I18n): () => void {
  const timers = new Set<ReturnType<typeof setTimeout>>();

  function later(run: () => void) {
    const timer = setTimeout(() => {
      timers.delete(timer);
      run();
    }, graceMs);
    timers.add(timer);
  }

  const stops = [
    effect(() => {
      const chat = widget.chat.value;
      const agent = chat?.joined.value;
      const id = chat?.conversation.peek()?.id;
      if (agent && id) void alerts.tell(`${id}/${agent.id}`, t("chat.yourTurn", { name: agent.name ?? "" }));
    }),
    effect(() => {
      const chat = widget.chat.value;
      const message = chat?.news.value;
      if (!message || widget.looksAtChat.peek()) return;
      later(() => {
        if (widget.chat.peek() !== chat || chat.unread.peek() === 0) return;
        const name = message.author.name ?? t("thread.team");
        void alerts.tell(`message/${message.id}`, t("chat.newFrom", { name }));
      });
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    for (const timer of timers) clearTimeout(timer);
  };
}
