import type { Tab } from "./tab.ts";
import type { SiteMember } from "./site.ts";
import type { World } from "./world.ts";

/** A word that was sent: the order counts by tab and lane. */
export interface SentWord {
  readonly word: string;
  readonly tab: string;
  readonly lane: string;
}

/** A file that was chosen, and the words that it was sent with. */
export interface ChosenFile {
  readonly word: string;
  readonly tab: string;
  readonly lane: string;
  readonly person: string;
  sentWith?: string;
}

/** Where a ticket was submitted last: whoever is still there when it has arrived is thanked. */
export interface Submitted {
  readonly tab: Tab;
  readonly person: unknown;
}

/** The world, and what the person has done in it. */
export interface Stage {
  readonly world: World;
  readonly tabs: Tab[];
  readonly sent: SentWord[];
  /** By the words of the ticket. */
  readonly submitted: Map<string, Submitted>;
  /** By whom each word was sent, by their own hand: two people who share a form may both send it. */
  readonly senders: Map<string, Set<string>>;
  /** Words of which a tab has said that they may have arrived: who sends them again does so knowing it. */
  readonly told: Set<string>;
  files: ChosenFile[];
  opened: number;
  /** So many sign-ins are under way. */
  signingIn: number;
  /** The tab where the person was last. */
  usedTab?: string;
  /** The last that the site said, since the last sign-out. */
  identified?: { readonly tab: Tab; readonly who: SiteMember } | undefined;
  /** Nobody is to be signed in any more. */
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
