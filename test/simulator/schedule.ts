import { type Arbitrary, array, boolean, constant, constantFrom, noBias, oneof, record, tuple } from "fast-check";
import type { SiteMember } from "./site.ts";

/** One action of a person, the network, the site or an agent; `tab` is a tab's number. */
export type Action =
  | { readonly do: "type" | "send" | "say" | "attach" | "prefill"; readonly tab: number; readonly where: Place }
  | { readonly do: "start chat" | "leave chat" | "open thread" | "new chat" | "retry"; readonly tab: number }
  | { readonly do: "reload" | "kill" | "suspend" | "wake" | "browse"; readonly tab: number }
  | { readonly do: "offline" | "online" | "lose answer" | "hold streams" | "cut streams"; readonly tab: number }
  | { readonly do: "identify"; readonly tab: number; readonly who: SiteMember }
  | { readonly do: "sign in" | "sign out" | "expire" | "rise"; readonly tab: number }
  | { readonly do: "site fails" | "site hangs" | "site works" | "slow storage" }
  | { readonly do: "refuse" | "break" | "fail" }
  | { readonly do: "agent takes" | "agent says" | "agent ends" }
  | { readonly do: "wait"; readonly ms: number };

export type Place = "ticket" | "chat" | "reply";

const tabNumber = constantFrom(0, 1);
const onTab = (name: Extract<Action, { readonly tab: number }>["do"]) =>
  tabNumber.map((n) => ({ do: name, tab: n }) as Action);
const alone = (name: string) => constant({ do: name } as Action);
const weighted = (weight: number, arbitrary: Arbitrary<Action>) => ({ weight, arbitrary });

const inPlace = (name: Extract<Action, { readonly where: Place }>["do"], where: Arbitrary<Place>) =>
  record({ do: constant(name), tab: tabNumber, where });

/** The possible actions, by topic. */
const groupsIn = (where: Arbitrary<Place>) => ({
  writing: [
    weighted(8, inPlace("type", where)),
    weighted(6, inPlace("send", where)),
    weighted(6, inPlace("say", where)),
  ],
  chat: [
    weighted(3, onTab("start chat")),
    weighted(2, onTab("leave chat")),
    weighted(2, onTab("new chat")),
    weighted(3, alone("agent takes")),
    weighted(1, alone("agent says")),
    weighted(2, alone("agent ends")),
  ],
  threads: [weighted(4, onTab("open thread"))],
  files: [weighted(4, inPlace("attach", where))],
  tabs: [
    weighted(3, onTab("reload")),
    weighted(1, onTab("kill")),
    weighted(2, onTab("suspend")),
    weighted(2, onTab("wake")),
  ],
  network: [
    weighted(2, onTab("offline")),
    weighted(2, onTab("online")),
    weighted(3, onTab("lose answer")),
    weighted(1, onTab("hold streams")),
    weighted(1, onTab("cut streams")),
  ],
  people: [
    weighted(4, record({ do: constant("identify" as const), tab: tabNumber, who: constantFrom("A", "B") })),
    weighted(1, onTab("sign in")),
    weighted(3, onTab("sign out")),
    weighted(1, onTab("expire")),
    weighted(2, onTab("rise")),
  ],
  site: [
    weighted(1, inPlace("prefill", where)),
    weighted(2, onTab("browse")),
    weighted(1, alone("site fails")),
    weighted(1, alone("site hangs")),
    weighted(1, alone("site works")),
  ],
  desk: [
    weighted(3, alone("refuse")),
    weighted(1, alone("break")),
    weighted(1, alone("fail")),
    weighted(4, onTab("retry")),
  ],
  storage: [weighted(1, alone("slow storage"))],
  time: [
    weighted(
      5,
      constantFrom(200, 1_000, 5_000, 30_000).map((ms): Action => ({ do: "wait", ms })),
    ),
  ],
});

type Group = keyof ReturnType<typeof groupsIn>;
const always: readonly Group[] = ["writing", "time"];
const sometimes: readonly Group[] = ["files", "tabs", "network", "people", "site", "desk", "storage"];
/** Additional groups of each place. */
const ofPlace: Readonly<Record<Place, readonly Group[]>> = { ticket: [], chat: ["chat"], reply: ["threads"] };
const places: readonly (readonly Place[])[] = [
  ["ticket"],
  ["chat"],
  ["chat"],
  ["ticket", "chat"],
  ["ticket", "reply"],
  ["ticket", "chat", "reply"],
];

/**
 * A random schedule. Each uses only some groups of actions: with fewer kinds, sequences of related steps are more
 * likely.
 */
export function schedule(length: number): Arbitrary<readonly Action[]> {
  const chosen = tuple(...sometimes.map((group) => boolean().map((isIn) => (isIn ? [group] : []))));
  return tuple(constantFrom(...places), chosen).chain(([where, some]) => {
    const groups = groupsIn(constantFrom(...where));
    const names = new Set([...always, ...where.flatMap((place) => ofPlace[place]), ...some.flat()]);
    const actions = oneof(...[...names].flatMap((name) => groups[name]));
    return noBias(array(actions, { minLength: Math.floor(length / 2), maxLength: length, size: "max" }));
  });
}
