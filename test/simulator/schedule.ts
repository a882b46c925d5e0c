import { type Arbitrary, constant, constantFrom, oneof, record } from "fast-check";
import type { SiteMember } from "./site.ts";

/** One thing that a person, the network, the site or an agent does; `tab` is the number of a tab. */
export type Action =
  | { readonly do: "type" | "send" | "attach" | "prefill"; readonly tab: number; readonly where: Place }
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
const where = constantFrom<Place>("ticket", "chat", "chat", "reply");
const onTab = (name: Extract<Action, { readonly tab: number }>["do"]) =>
  tabNumber.map((n) => ({ do: name, tab: n }) as Action);
const alone = (name: string) => constant({ do: name } as Action);

export const action: Arbitrary<Action> = oneof(
  { weight: 10, arbitrary: record({ do: constant("type" as const), tab: tabNumber, where }) },
  { weight: 8, arbitrary: record({ do: constant("send" as const), tab: tabNumber, where }) },
  { weight: 2, arbitrary: record({ do: constant("attach" as const), tab: tabNumber, where }) },
  { weight: 1, arbitrary: record({ do: constant("prefill" as const), tab: tabNumber, where }) },
  { weight: 5, arbitrary: onTab("start chat") },
  { weight: 1, arbitrary: onTab("leave chat") },
  { weight: 1, arbitrary: onTab("new chat") },
  { weight: 2, arbitrary: onTab("open thread") },
  { weight: 2, arbitrary: onTab("retry") },
  { weight: 2, arbitrary: onTab("reload") },
  { weight: 1, arbitrary: onTab("kill") },
  { weight: 1, arbitrary: onTab("browse") },
  { weight: 2, arbitrary: onTab("suspend") },
  { weight: 2, arbitrary: onTab("wake") },
  { weight: 2, arbitrary: onTab("offline") },
  { weight: 2, arbitrary: onTab("online") },
  { weight: 2, arbitrary: onTab("lose answer") },
  { weight: 1, arbitrary: onTab("hold streams") },
  { weight: 1, arbitrary: onTab("cut streams") },
  { weight: 3, arbitrary: record({ do: constant("identify" as const), tab: tabNumber, who: constantFrom("A", "B") }) },
  { weight: 1, arbitrary: onTab("sign in") },
  { weight: 2, arbitrary: onTab("sign out") },
  { weight: 1, arbitrary: onTab("expire") },
  { weight: 1, arbitrary: onTab("rise") },
  { weight: 1, arbitrary: alone("site fails") },
  { weight: 1, arbitrary: alone("site hangs") },
  { weight: 1, arbitrary: alone("site works") },
  { weight: 1, arbitrary: alone("slow storage") },
  { weight: 2, arbitrary: alone("refuse") },
  { weight: 1, arbitrary: alone("break") },
  { weight: 1, arbitrary: alone("fail") },
  { weight: 3, arbitrary: alone("agent takes") },
  { weight: 1, arbitrary: alone("agent says") },
  { weight: 1, arbitrary: alone("agent ends") },
  { weight: 4, arbitrary: constantFrom(200, 1_000, 5_000, 30_000).map((ms): Action => ({ do: "wait", ms })) },
);
