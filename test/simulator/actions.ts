import { anasLogin, wordsIn } from "./desk.ts";
import type { Action, Place } from "./schedule.ts";
import type { SiteMember, Tab, World } from "./world.ts";

/** Words that were sent, in their order, by tab and lane. */
export interface SentWord {
  readonly word: string;
  readonly tab: string;
  readonly lane: string;
}

export interface Stage {
  readonly world: World;
  readonly tabs: Tab[];
  readonly sent: SentWord[];
  opened: number;
  /** The tab where the person wrote last. */
  wroteIn?: string;
}

/** The text of a place as the person sees it in their composer or form; undefined when that is not on the screen. */
export function textAt({ widget }: Tab, place: Place): string | undefined {
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

function type(stage: Stage, tab: Tab, place: Place) {
  const { ledger } = stage.world;
  const author = tab.widget.session.person.peek()?.name;
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

function send(stage: Stage, tab: Tab, place: Place) {
  const text = textAt(tab, place);
  if (!text || isBusy(tab, place)) return;
  const { tickets, chat } = tab.widget;
  const thread = tickets.peek()?.thread.peek();
  const conversation = chat.peek()?.conversation.peek();
  const note = (lane: string) => {
    for (const word of wordsIn(text)) stage.sent.push({ word, tab: tab.name, lane });
  };
  if (place === "ticket") void tickets.peek()?.form.submit();
  else if (place === "reply" && thread) {
    note(`ticket ${thread.id.peek()}`);
    void thread.send();
  } else if (place === "chat" && conversation) {
    note(conversation.id);
    void chat.peek()?.send();
  }
}

function attach({ widget }: Tab, place: Place) {
  const file = new File(["a picture"], "picture.png", { type: "image/png" });
  const tickets = widget.tickets.peek();
  if (place === "ticket" && tickets?.form.sending.peek() === "idle") tickets.form.files.add([file]);
  if (place === "reply") tickets?.thread.peek()?.files.add([file]);
  if (place === "chat" && widget.chat.peek()?.conversation.peek()) widget.chat.peek()?.files.add([file]);
}

/** Does it, where it can be done; what makes no sense now does nothing. */
export async function perform(stage: Stage, action: Action): Promise<void> {
  const { world, tabs } = stage;
  if (action.do === "wait") return await world.clock.advance(action.ms);
  if (action.do === "site fails" || action.do === "site works") {
    world.site.fails = action.do === "site fails";
    return;
  }
  if (action.do === "refuse") return world.desk.fail("invalid");
  if (action.do === "break") return world.desk.fail("unknown");
  if (action.do === "fail") return world.desk.fail("unavailable");
  if (action.do.startsWith("agent")) return await agentDoes(world, action.do);
  if (!("tab" in action)) return;
  const tab = tabs[action.tab];
  if (!tab) return;
  if (action.do === "wake") return tab.wake();
  // A person uses no tab that is suspended.
  if (tab.isAsleep()) return;
  const chat = tab.widget.chat.peek();
  switch (action.do) {
    case "type":
      // Nobody writes in two tabs within a moment.
      if (stage.wroteIn !== tab.name) await world.clock.advance(500);
      stage.wroteIn = tab.name;
      return type(stage, tab, action.where);
    case "send":
      return send(stage, tab, action.where);
    case "attach":
      return attach(tab, action.where);
    case "start chat":
      if (chat?.form.peek().question && !chat.conversation.peek() && !chat.starting.peek()) void chat.startAnyway();
      return;
    case "leave chat":
      chat?.end();
      return;
    case "new chat":
      if (chat?.conversation.peek()?.status === "ended") chat.startOver();
      return;
    case "open thread": {
      const [ticket] = tab.widget.tickets.peek()?.list.items.peek() ?? [];
      tab.widget.tickets.peek()?.watch();
      if (ticket) tab.widget.tickets.peek()?.openThread(ticket.id);
      return;
    }
    case "retry":
      tab.widget.tickets.peek()?.form.retry();
      tab.widget.tickets.peek()?.thread.peek()?.retry();
      return chat?.retry();
    case "reload":
    case "kill":
      tab.close();
      stage.opened += 1;
      tabs[action.tab] = world.open(action.do === "reload" ? tab.name : `tab${stage.opened}`);
      return;
    case "suspend":
      return tab.suspend();
    case "offline":
    case "online":
      return tab.setOnline(action.do === "online");
    case "lose answer":
      tab.link.loseAnswers += 1;
      return;
    case "hold streams":
      tab.link.holdStreams = !tab.link.holdStreams;
      return;
    case "cut streams":
      return tab.link.cut();
    case "identify":
      return identify(stage, tab, action.who);
    case "sign in":
      world.ledger.guestBecame("member:ana");
      return void tab.widget.session.signIn(anasLogin).catch(() => undefined);
    case "sign out":
      return await signOut(stage, tab);
    case "expire": {
      const token = tab.widget.session.person.peek()?.credentials.token();
      if (token !== undefined) await world.revoke(token);
      return;
    }
  }
}

/** The site's session changes for the whole browser; the page in this tab says so. */
function identify({ world }: Stage, tab: Tab, who: SiteMember) {
  world.site.user = who;
  world.ledger.guestBecame(`member:${who}`);
  void tab.widget.session.identify({ getToken: world.siteToken });
}

/** What was written and has not arrived is to be forgotten everywhere in this browser. */
async function signOut({ world }: Stage, tab: Tab) {
  world.site.user = undefined;
  const arrived = new Set(world.desk.arrivals.map(({ word }) => word));
  world.ledger.signedOut([...world.ledger.authors.keys()].filter((word) => !arrived.has(word)));
  void tab.widget.signOut();
  await world.clock.advance(50);
}

async function agentDoes({ desk }: World, what: string) {
  const id = desk.conversations.at(-1);
  const conversation = id === undefined ? undefined : await desk.agent.conversation(id);
  if (id === undefined || !conversation || conversation.status === "ended") return;
  if (what === "agent takes" && conversation.status === "queued") await desk.agent.takeConversation(id);
  if (what === "agent says" && conversation.status === "active") await desk.agent.say(id, "Hello");
  if (what === "agent ends") await desk.agent.endConversation(id);
}
