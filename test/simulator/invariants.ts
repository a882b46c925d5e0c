import { wordsIn } from "./desk.ts";
import type { Stage } from "./actions.ts";
import type { Tab } from "./world.ts";

/** Everything of a person's words that a tab shows or holds. */
function shownIn({ widget }: Tab): readonly string[] {
  const tickets = widget.tickets.peek();
  const chat = widget.chat.peek();
  const thread = tickets?.thread.peek();
  const texts = [
    tickets?.form.words.peek().text,
    chat?.form.peek().question,
    chat?.text.peek(),
    ...(chat?.pending.peek().map(({ item }) => item.text) ?? []),
    ...(chat?.messages.peek().map(({ text }) => text) ?? []),
    thread?.text.peek(),
    ...(thread?.pending.peek().map(({ item }) => item.text) ?? []),
    ...(thread?.messages.peek().map(({ text }) => text) ?? []),
  ];
  return texts.flatMap((text) => wordsIn(text ?? ""));
}

function storedWords({ world }: Stage, prefix = ""): readonly string[] {
  return [...world.storage.values].flatMap(([key, value]) =>
    key.startsWith(prefix) ? wordsIn(JSON.stringify(value) ?? "") : [],
  );
}

/** What has to be true at every moment. */
export function checkNow(stage: Stage): readonly string[] {
  const { world, tabs } = stage;
  const problems = [...world.violations];
  for (const tab of tabs) {
    const person = tab.widget.session.person.peek()?.name;
    if (person === undefined) continue;
    for (const word of shownIn(tab)) {
      const problem = world.ledger.check(word, person);
      if (problem) problems.push(`shown to somebody else: ${problem}, in ${tab.name}`);
    }
  }
  for (const key of world.storage.values.keys()) {
    const owner = /^(guest|member:\w+)\//.exec(key)?.[1];
    if (owner === undefined) continue;
    for (const word of storedWords(stage, key)) {
      const problem = world.ledger.check(word, owner);
      if (problem) problems.push(`stored as somebody else's: ${problem}, under ${key}`);
    }
  }
  const copies = new Map<string, Set<string>>();
  for (const { word, recordId } of world.desk.arrivals) {
    copies.set(word, (copies.get(word) ?? new Set()).add(recordId));
  }
  for (const [word, records] of copies) {
    if (records.size > 1) problems.push(`arrived ${records.size} times: ${word} (${[...records].join(", ")})`);
  }
  return problems;
}

/** What has to be true once every fault has ended and time has passed. */
export function checkEnd(stage: Stage): readonly string[] {
  const { world, tabs, sent } = stage;
  const problems = [...checkNow(stage)];
  const arrived = new Set(world.desk.arrivals.map(({ word }) => word));
  const kept = new Set([...storedWords(stage), ...tabs.flatMap(shownIn)]);
  for (const [word, author] of world.ledger.authors) {
    if (world.ledger.wiped.has(word)) {
      if (kept.has(word) && !arrived.has(word)) problems.push(`still here after the sign-out: ${word} of ${author}`);
    } else if (!arrived.has(word) && !kept.has(word)) problems.push(`lost: ${word} of ${author}`);
  }
  for (const tab of tabs) {
    const { widget } = tab;
    const chat = widget.chat.peek();
    const status = widget.session.state.peek().status;
    if (status !== "ready") problems.push(`${tab.name} is still ${status}`);
    if (chat?.loading.peek()) problems.push(`${tab.name} still looks for its chat`);
    if (chat?.starting.peek()) problems.push(`${tab.name} still starts its chat`);
    const sending = widget.tickets.peek()?.form.sending.peek();
    if (status === "ready" && sending !== "idle") problems.push(`${tab.name} is still ${sending} its ticket`);
    const pending = [...(chat?.pending.peek() ?? []), ...(widget.tickets.peek()?.thread.peek()?.pending.peek() ?? [])];
    for (const { item, state } of pending) {
      if (state.status !== "refused") problems.push(`${tab.name} is still ${state.status}: ${item.text}`);
    }
    const messages = chat?.messages.peek() ?? [];
    const texts = messages.flatMap(({ text }) => wordsIn(text));
    if (new Set(texts).size !== texts.length) problems.push(`shown twice in ${tab.name}: ${texts.join(" ")}`);
  }
  return [...problems, ...orderProblems(stage, sent)];
}

/** Of one tab and one lane, what arrived has the order in which it was sent; what was refused in between may come later. */
function orderProblems({ world }: Stage, sent: Stage["sent"]): readonly string[] {
  const refused = world.refusedWords;
  const place = new Map(world.desk.arrivals.map(({ word }, index) => [word, index]));
  const newest = new Map<string, number>();
  const problems: string[] = [];
  for (const { word, tab, lane } of sent) {
    const at = place.get(word);
    if (at === undefined || refused.has(word)) continue;
    const key = `${tab} ${lane}`;
    if (at < (newest.get(key) ?? -1)) problems.push(`out of order in ${lane}: ${word}`);
    newest.set(key, at);
  }
  return problems;
}
