/**
 * Podpora without a screen: a program that files a ticket and waits for the answer, using the same models as the panel.
 */
import { effect, signal } from "@preact/signals-core";
import type { Adapter } from "../../src/core/contract/adapter.ts";
import { memoryStorage, type Platform, WidgetModel } from "../../src/core/index.ts";

/** What a browser is to the widget, for a program. */
function programPlatform(adapter: Adapter): Platform {
  return {
    storage: memoryStorage(),
    locale: signal("en"),
    online: signal(true),
    visible: signal(true),
    random: Math.random,
    now: Date.now,
    clean: async (file) => file,
    context: () => undefined,
    ticketTexts: { language: "off", languageName: (tag) => tag, question: (step) => step },
    connect: async () => adapter,
    warn: (message, cause) => console.error(message, cause),
  };
}

/** Resolves with the new ticket's number once the desk has it; rejects with the code of what is in the way. */
export async function fileTicket(adapter: Adapter, title: string, text: string): Promise<string> {
  let stop: () => void = () => undefined;
  const widget = new WidgetModel({
    platform: programPlatform(adapter),
    route: { tab: "tickets", view: "new" },
    emit: () => undefined,
    loadChat: async () => (await import("../../src/core/chat/chat.ts")).ChatModel,
  });
  try {
    await widget.session.connect();
    const tickets = widget.tickets.peek();
    if (!tickets || !widget.offers("tickets")) throw new Error("this desk takes no tickets");
    tickets.form.write({ title, text });
    const outcome = new Promise<string>((resolve, reject) => {
      stop = effect(() => {
        const sent = tickets.submitted.value;
        const failure = tickets.form.failure.value;
        if (sent) resolve(sent.number);
        if (failure) reject(new Error(failure.code));
      });
    });
    await tickets.form.submit();
    return await outcome;
  } finally {
    stop();
    widget[Symbol.dispose]();
  }
}
