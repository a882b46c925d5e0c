import { wordsIn } from "./desk.ts";
import type { Place } from "./schedule.ts";
import { personIn, type Stage } from "./stage.ts";
import type { Tab } from "./tab.ts";

/** The text that the person sees in a place's composer or form; undefined if it is not on the screen. */
function textAt({ widget }: Tab, place: Place): string | undefined {
  const chat = widget.chat.peek();
  if (place === "ticket") return widget.tickets.peek()?.form.words.peek().text;
  if (place === "reply") return widget.tickets.peek()?.thread.peek()?.text.peek();
  if (!chat) return undefined;
  return chat.conversation.peek() ? chat.text.peek() : chat.form.peek().question;
}

function isBusy({ widget }: Tab, place: Place): boolean {
  if (place === "ticket") return widget.tickets.peek()?.form.sending.peek() !== "idle";
  const chat = widget.chat.peek();
  const status = chat?.conversation.peek()?.status;
  return place === "chat" && (chat?.starting.peek() === true || status === "ended");
}

export function type(stage: Stage, tab: Tab, place: Place) {
  const { ledger } = stage.world;
  const author = personIn(tab)?.name;
  const before = textAt(tab, place);
  if (author === undefined || before === undefined || isBusy(tab, place)) return;
  const word = ledger.write(author);
  const text = before ? `${before} ${word}` : word;
  const { tickets, chat } = tab.widget;
  if (place === "ticket") tickets.peek()?.form.write({ title: "A title", text });
  else if (place === "reply") tickets.peek()?.thread.peek()?.write(text);
  else if (chat.peek()?.conversation.peek()) chat.peek()?.write(text);
  else chat.peek()?.fill({ name: "Ana", email: "ana@example.org", question: text });
  const after = textAt(tab, place);
  if (after !== text) stage.world.violations.push(`a keystroke is gone: wrote "${text}", the field has "${after}"`);
}

/** The lane of this place's draft; undefined if it accepts no message now. */
function laneAt({ widget }: Tab, place: Place): string | undefined {
  if (place === "ticket") return "new ticket";
  const thread = widget.tickets.peek()?.thread.peek()?.id.peek();
  if (place === "reply") return thread && `ticket ${thread}`;
  return widget.chat.peek()?.conversation.peek()?.id;
}

export function send(stage: Stage, tab: Tab, place: Place) {
  const text = textAt(tab, place);
  const lane = laneAt(tab, place);
  if (place === "chat" && lane === undefined) return startChat(stage, tab);
  if (!text || lane === undefined || isBusy(tab, place)) return;
  const { tickets, chat } = tab.widget;
  const [first] = wordsIn(text);
  const files = filesAt(tab, place);
  press(stage, tab, [text, ...files]);
  if (place === "ticket") {
    // The form requires a title.
    if (!tickets.peek()?.form.words.peek().title) tickets.peek()?.form.write({ title: "A title" });
    for (const word of wordsIn(text)) stage.submitted.set(word, { tab, person: personIn(tab) });
    void tickets.peek()?.form.submit();
  } else {
    for (const word of wordsIn(text)) {
      // A second press does not send it again.
      const isSent = stage.sent.some((each) => each.word === word && each.tab === tab.name && each.lane === lane);
      if (!isSent) stage.sent.push({ word, tab: tab.name, lane });
    }
    void (place === "reply" ? tickets.peek()?.thread.peek()?.send() : chat.peek()?.send());
  }
  sendFiles(stage, tab, place === "chat" ? "chat" : lane, files.flatMap(wordsIn), first);
}

export function startChat(stage: Stage, tab: Tab) {
  const chat = tab.widget.chat.peek();
  const question = chat?.form.peek().question;
  if (!question || chat?.conversation.peek() || chat?.starting.peek()) return;
  press(stage, tab, [question]);
  void chat?.startAnyway();
}

/** The names of the files in a place's draft. */
function filesAt({ widget }: Tab, place: Place): readonly string[] {
  const tickets = widget.tickets.peek();
  const files = { ticket: tickets?.form.files, reply: tickets?.thread.peek()?.files, chat: widget.chat.peek()?.files };
  return files[place]?.files.peek().map(({ file }) => file.name) ?? [];
}

/** The person sends the texts that they see. */
function press({ senders, told }: Stage, tab: Tab, texts: readonly string[]) {
  for (const word of texts.flatMap(wordsIn)) {
    const who = `${personIn(tab)?.name}${told.has(word) ? ", knowing" : ""}`;
    senders.set(word, (senders.get(word) ?? new Set()).add(who));
  }
}

/**
 * Files that the same person chose in this tab and sees are sent with the text. Those of other tabs may or may not be.
 */
function sendFiles(stage: Stage, tab: Tab, lane: string, seen: readonly string[], word: string | undefined) {
  const person = personIn(tab)?.name;
  const isHere = (file: Stage["files"][number]) => file.lane === lane && file.person === person && !file.sentWith;
  for (const file of stage.files)
    if (isHere(file) && file.tab === tab.name && seen.includes(file.word) && word !== undefined) file.sentWith = word;
  stage.files = stage.files.filter((file) => !isHere(file));
}

export function attach(stage: Stage, tab: Tab, place: Place) {
  const person = personIn(tab)?.name;
  const lane = laneAt(tab, place);
  if (person === undefined || lane === undefined || isBusy(tab, place)) return;
  const { tickets, chat } = tab.widget;
  const word = stage.world.ledger.write(person);
  const file = new File(["some text"], `${word}.txt`, { type: "text/plain" });
  if (place === "ticket") tickets.peek()?.form.files.add([file]);
  else if (place === "reply") tickets.peek()?.thread.peek()?.files.add([file]);
  else chat.peek()?.files.add([file]);
  stage.files.push({ word, tab: tab.name, lane: place === "chat" ? "chat" : lane, person });
}

/** The site prefills what it knows. */
export function prefill({ widget }: Tab, place: Place) {
  widget.prefill(place === "chat" ? { question: "From the site" } : { title: "From the site", text: "From the site" });
}
