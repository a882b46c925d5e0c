import type { Tab } from "./tab.ts";
import type { SiteMember } from "./site.ts";
import type { World } from "./world.ts";

/** A sent word; the order is checked per tab and lane. */
export interface SentWord {
  readonly word: string;
  readonly tab: string;
  readonly lane: string;
}

/** A chosen file, and the word that it was sent with. */
export interface ChosenFile {
  readonly word: string;
  readonly tab: string;
  readonly lane: string;
  readonly person: string;
  sentWith?: string;
}

/** Who last submitted a ticket, and in which tab: it must show the ticket's number if they are still there. */
export interface Submitted {
  readonly tab: Tab;
  readonly person: unknown;
}

/** The world, and what the person has done in it. */
export interface Stage {
  readonly world: World;
  readonly tabs: Tab[];
  readonly sent: SentWord[];
  /** By the ticket's words. */
  readonly submitted: Map<string, Submitted>;
  /** Who sent each word by hand: two people who share a form may both send it. */
  readonly senders: Map<string, Set<string>>;
  /** Words that a tab has reported as possibly sent: a resend is then deliberate. */
  readonly told: Set<string>;
  files: ChosenFile[];
  opened: number;
  /** The number of sign-ins in progress. */
  signingIn: number;
  /** The tab that the person used last. */
  usedTab?: string;
  /** The site's last `identify` since the last sign-out. */
  identified?: { readonly tab: Tab; readonly who: SiteMember } | undefined;
  /** Nobody may be signed in any more. */
  isSignedOut: boolean;
}

export function createStage(world: World): Stage {
  const tabs = [world.open("tab0"), world.open("tab1")];
  return {
    world,
    tabs,
    sent: [],
    submitted: new Map(),
    senders: new Map(),
    told: new Set(),
    files: [],
    opened: 1,
    signingIn: 0,
    isSignedOut: false,
  };
}

export const personIn = ({ widget }: Tab) => widget.session.person.peek();
