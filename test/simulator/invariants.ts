import { personIn, type Stage } from "./stage.ts";
import { shownIn, storedWords, talkIn } from "./words.ts";

/** What must be true at all times. */
export function checkNow(stage: Stage): readonly string[] {
  return [
    ...stage.world.violations,
    ...seenByOthers(stage),
    ...storedForOthers(stage),
    ...twice(stage),
    ...refusedForNothing(stage),
    ...back(stage),
  ];
}

function seenByOthers({ world, tabs }: Stage): readonly string[] {
  return tabs.flatMap((tab) => {
    const person = personIn(tab)?.name;
    if (person === undefined) return [];
    return shownIn(tab).flatMap((word) => {
      const problem = world.ledger.check(word, person);
      return problem ? [`shown to somebody else: ${problem}, in ${tab.name}`] : [];
    });
  });
}

function storedForOthers(stage: Stage): readonly string[] {
  const { storage, ledger } = stage.world;
  return [...storage.values.keys()].flatMap((key) => {
    const owner = /^(guest|member:\w+)\//.exec(key)?.[1];
    if (owner === undefined) return [];
    return storedWords(stage, key).flatMap((word) => {
      const problem = ledger.check(word, owner);
      return problem ? [`stored as somebody else's: ${problem}, under ${key}`] : [];
    });
  });
}

/** What a person sends once must arrive once, and be on each screen once. */
function twice({ world, tabs, senders }: Stage): readonly string[] {
  const copies = new Map<string, Set<string>>();
  for (const { word, recordId } of world.desk.arrivals) {
    copies.set(word, (copies.get(word) ?? new Set()).add(recordId));
  }
  const allowed = (word: string) => Math.max(1, senders.get(word)?.size ?? 0);
  const arrived = [...copies].flatMap(([word, records]) =>
    records.size > allowed(word) ? [`arrived ${records.size} times: ${word} (${[...records].join(", ")})`] : [],
  );
  const shown = tabs.flatMap((tab) =>
    (["chat", "thread"] as const).flatMap((which) => {
      const words = talkIn(tab, which);
      const times = (word: string) => words.filter((each) => each === word).length;
      return words.some((word) => times(word) > allowed(word))
        ? [`shown twice in ${tab.name}: ${words.join(" ")}`]
        : [];
    }),
  );
  return [...arrived, ...shown];
}

/** Sending as a guest in one tab and as a member in another sends two messages with one id, which may be refused. */
function refusedForNothing({ world, senders }: Stage): readonly string[] {
  return [...world.refusedByGateway].flatMap((word) =>
    (senders.get(word)?.size ?? 0) > 1 ? [] : [`the desk has not refused ${word}`],
  );
}

/** After a sign-out nobody may be signed in until someone signs in. */
function back({ world, tabs, isSignedOut }: Stage): readonly string[] {
  // A tab with slow storage is notified late.
  if (!isSignedOut || world.storage.pace.slow) return [];
  return tabs.flatMap((tab) => {
    const person = personIn(tab)?.name;
    return tab.isAsleep() || !person?.startsWith("member:") ? [] : [`after the sign-out ${tab.name} has ${person}`];
  });
}
