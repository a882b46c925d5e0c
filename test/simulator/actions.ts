import { expire, identify, rise, signIn, signOut } from "./identities.ts";
import type { Action } from "./schedule.ts";
import type { Stage } from "./stage.ts";
import { isUncertain } from "./still.ts";
import { shownIn } from "./words.ts";
import type { Tab } from "./tab.ts";
import type { World } from "./world.ts";
import { attach, prefill, send, startChat, type } from "./writing.ts";

type TabAction = Extract<Action, { readonly tab: number }>;
type WorldAction = Exclude<Action, TabAction>;

/** The person's actions in the widget. */
const byHand = new Set<Action["do"]>([
  "type",
  "send",
  "say",
  "attach",
  "start chat",
  "leave chat",
  "new chat",
  "open thread",
  "retry",
  "prefill",
]);

const leaving = new Set<Action["do"]>(["reload", "kill", "suspend"]);

/** Performs the action if it is possible now; otherwise does nothing. */
export async function perform(stage: Stage, action: Action): Promise<void> {
  if (!("tab" in action)) return await performInWorld(stage, action);
  const tab = stage.tabs[action.tab];
  if (!tab) return;
  if (action.do === "wake") return tab.wake();
  // Nobody can use a suspended tab.
  if (!tab.isAsleep()) await performInTab(stage, tab, action);
}

async function performInWorld({ world }: Stage, action: WorldAction): Promise<void> {
  const { site, desk, storage, clock } = world;
  switch (action.do) {
    case "wait":
      return await clock.advance(action.ms);
    case "site fails":
      return void (site.fails = true);
    case "site hangs":
      return void (site.hangs = true);
    case "site works":
      site.hangs = false;
      return void (site.fails = false);
    case "refuse":
      return desk.fail("invalid");
    case "break":
      return desk.fail("unknown");
    case "fail":
      return desk.fail("unavailable");
    case "slow storage":
      return void (storage.pace.slow = !storage.pace.slow);
    default:
      return await agentDoes(world, action.do);
  }
}

async function performInTab(stage: Stage, tab: Tab, action: TabAction): Promise<void> {
  await goTo(stage, tab, action);
  for (const each of stage.tabs) if (isUncertain(each)) for (const word of shownIn(each)) stage.told.add(word);
  if ("where" in action && action.where === "reply" && !tab.widget.tickets.peek()?.thread.peek()) {
    await openThread(stage, tab);
  }
  const chat = tab.widget.chat.peek();
  switch (action.do) {
    case "type":
      return type(stage, tab, action.where);
    case "send":
      return isUncertain(tab) ? undefined : send(stage, tab, action.where);
    case "say":
      type(stage, tab, action.where);
      return isUncertain(tab) ? undefined : send(stage, tab, action.where);
    case "attach":
      return attach(stage, tab, action.where);
    case "prefill":
      return prefill(tab, action.where);
    case "start chat":
      return isUncertain(tab) ? undefined : startChat(stage, tab);
    case "leave chat":
      return chat?.end();
    case "new chat":
      if (chat?.conversation.peek()?.status === "ended") chat.startOver();
      return;
    case "open thread":
      return await openThread(stage, tab);
    case "retry":
      if (isUncertain(tab)) return;
      // While the form retries, this is its button.
      if (tab.widget.tickets.peek()?.form.sending.peek() === "retrying") tab.widget.tickets.peek()?.form.retry();
      tab.widget.tickets.peek()?.thread.peek()?.retry();
      return chat?.retry();
    case "browse":
      return tab.browse();
    case "reload":
    case "kill":
      return reopen(stage, action.tab, action.do === "kill");
    case "suspend":
      return tab.suspend();
    case "offline":
    case "online":
      return tab.setOnline(action.do === "online");
    case "lose answer":
      return void (tab.link.loseAnswers += 1);
    case "hold streams":
      return void (tab.link.holdStreams = !tab.link.holdStreams);
    case "cut streams":
      return tab.link.cut();
    case "identify":
      return identify(stage, tab, action.who);
    case "rise":
      return rise(stage, tab);
    case "sign in":
      return signIn(stage, tab);
    case "sign out":
      return await signOut(stage, tab);
    case "expire":
      return await expire(stage, tab);
  }
}

/**
 * Waits as a person would: nobody writes in two tabs within a moment, leaves before everything is saved, or switches
 * tabs quickly on a slow device.
 */
async function goTo(stage: Stage, tab: Tab, action: TabAction) {
  const { clock, storage } = stage.world;
  if (leaving.has(action.do)) await clock.advance(storage.pace.slow ? 1_000 : 100);
  const isSlow = storage.pace.slow && byHand.has(action.do);
  if (action.do !== "type" && action.do !== "say" && !isSlow) return;
  if (stage.usedTab !== tab.name) await clock.advance(isSlow ? 2_000 : 500);
  stage.usedTab = tab.name;
}

function reopen(stage: Stage, number: number, asAnother: boolean) {
  const { world, tabs } = stage;
  const before = tabs[number];
  before?.close();
  if (asAnother) stage.opened += 1;
  tabs[number] = world.open(asAnother || !before ? `tab${stage.opened}` : before.name);
}

/** Opens the overview, and from there the newest ticket. */
async function openThread({ world }: Stage, tab: Tab) {
  const tickets = tab.widget.tickets.peek();
  tickets?.watch();
  for (let waited = 0; waited < 4_000 && tickets?.list.status.peek() === "loading"; waited += 100) {
    // oxlint-disable-next-line no-await-in-loop -- the person waits for the list
    await world.clock.advance(100);
  }
  if (tab.widget.tickets.peek() !== tickets) return;
  const [ticket] = tickets?.list.items.peek() ?? [];
  if (!ticket) return;
  const route = { tab: "tickets", view: "ticket", id: ticket.id } as const;
  tab.widget.navigate(route);
  world.routes.set(tab.name, route);
  tickets?.openThread(ticket.id);
}

async function agentDoes({ desk }: World, what: string) {
  const id = desk.conversations.at(-1);
  const conversation = id === undefined ? undefined : await desk.agent.conversation(id);
  if (id === undefined || !conversation || conversation.status === "ended") return;
  if (what === "agent takes" && conversation.status === "queued") await desk.agent.takeConversation(id);
  if (what === "agent says" && conversation.status === "active") await desk.agent.say(id, "Hello");
  if (what === "agent ends") await desk.agent.endConversation(id);
}
