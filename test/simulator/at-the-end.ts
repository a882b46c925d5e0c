import { claimsOf } from "./ledger.ts";
import { checkNow } from "./invariants.ts";
import { stillIn } from "./still.ts";
import { personIn, type Stage } from "./stage.ts";
import { shownIn, storedWords } from "./words.ts";

/** What must be true once all faults have ended and time has passed. */
export async function checkEnd(stage: Stage): Promise<readonly string[]> {
  return [
    ...checkNow(stage),
    ...lost(stage),
    ...stage.tabs.flatMap(stillIn),
    ...outOfOrder(stage),
    ...withoutFiles(stage),
    ...notThanked(stage),
    ...wrongPerson(stage),
    ...(await wrongChat(stage)),
  ];
}

function lost(stage: Stage): readonly string[] {
  const { ledger, desk } = stage.world;
  const arrived = new Set(desk.arrivals.map(({ word }) => word));
  const kept = new Set([...storedWords(stage), ...stage.tabs.flatMap(shownIn)]);
  return [...ledger.authors].flatMap(([word, author]) => {
    if (arrived.has(word)) return [];
    if (ledger.wiped.has(word)) return kept.has(word) ? [`still here after the sign-out: ${word} of ${author}`] : [];
    return kept.has(word) ? [] : [`lost: ${word} of ${author}`];
  });
}

/**
 * In each lane, one tab's words must arrive in the order in which they were sent, except refused ones, which may come
 * later.
 */
function outOfOrder({ world, sent }: Stage): readonly string[] {
  const refused = world.refusedWords;
  const records = [...new Set(world.desk.arrivals.map(({ recordId }) => recordId))];
  const place = new Map(world.desk.arrivals.map(({ word, recordId }) => [word, records.indexOf(recordId)]));
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

/** Files chosen before the text was sent must be in the same record. */
function withoutFiles({ world, files }: Stage): readonly string[] {
  const recordsOf = (word: string) =>
    world.desk.arrivals.flatMap((arrival) => (arrival.word === word ? [arrival.recordId] : []));
  return files.flatMap(({ word, sentWith }) => {
    const sent = sentWith === undefined ? [] : recordsOf(sentWith);
    if (sent.length === 0 || recordsOf(word).some((record) => sent.includes(record))) return [];
    return [`${sentWith} arrived without its file ${word}`];
  });
}

/**
 * A tab that submitted a ticket must show its number once it has arrived, whichever tab sent it. If a member in another
 * tab took over a guest's ticket, it is the member's, and the guest's tab shows nothing.
 */
function notThanked({ world, submitted }: Stage): readonly string[] {
  const arrivalsOf = (word: string) => world.desk.arrivals.filter((arrival) => arrival.word === word);
  const idOf = (recordId: string) => recordId.replace("ticket ", "");
  const isThankedFor = (id: string) =>
    [...submitted].some(
      ([word, { tab }]) => tab.submitted.includes(id) && arrivalsOf(word).some(({ recordId }) => idOf(recordId) === id),
    );
  return [...submitted].flatMap(([word, { tab, person }]) => {
    const isGuest = personIn(tab)?.name === "guest";
    const arrivals = arrivalsOf(word).filter(({ memberId }) => isGuest === memberId.startsWith("guest:"));
    const ids = arrivals.map(({ recordId }) => idOf(recordId));
    if (ids.length === 0 || tab.isClosed() || personIn(tab) !== person || ids.some(isThankedFor)) return [];
    return [`${tab.name} does not say that ticket ${ids[0]} has arrived`];
  });
}

function wrongPerson({ world, tabs, identified }: Stage): readonly string[] {
  const problems = tabs.flatMap((tab) => {
    const person = personIn(tab)?.name;
    return tab.knowsSite && world.site.user && person === "guest"
      ? [`${tab.name} takes the site's member for a guest`]
      : [];
  });
  if (identified && !identified.tab.isClosed()) {
    const person = personIn(identified.tab)?.name;
    if (person !== `member:${identified.who}`)
      problems.push(`${identified.tab.name} has ${person}, not ${identified.who}`);
  }
  const guests = new Set(tabs.flatMap((tab) => claimsOfGuest(tab)?.sub ?? []));
  if (guests.size > 1) problems.push("two guests in one browser");
  return problems;
}

function claimsOfGuest(tab: Stage["tabs"][number]) {
  const claims = claimsOf(personIn(tab)?.credentials.token());
  return claims?.guest ? claims : undefined;
}

/** Every tab must show its person's conversation at the desk. */
async function wrongChat({ world, tabs }: Stage): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const tab of tabs) {
    const chat = tab.widget.chat.peek();
    const claims = claimsOf(personIn(tab)?.credentials.token());
    if (!chat || !claims) continue;
    const running = await world.desk.runningOf(claims.sub);
    const shown = chat.conversation.peek()?.id;
    if (running !== undefined && shown !== running)
      problems.push(`${tab.name} does not show chat ${running}, but ${shown}`);
  }
  return problems;
}
