import type { OptionChanges } from "../core/option-changes.ts";
import type { PodporaEvents } from "../core/events.ts";
import type { SiteIdentity } from "../core/identity/site-identity.ts";
import type { Prefill } from "../core/widget.ts";
import type { Report } from "./report.ts";

/** By name. At most 20 names of at most 64 characters, values of at most 500; `null` removes one. */
export type Attributes = Readonly<Record<string, string | number | boolean | null>>;

export type EventName = keyof PodporaEvents;

/** The argument of a listener, and the `detail` of the event `podpora:<type>` on `window`. */
export interface PodporaEvent<Name extends EventName = EventName> {
  readonly id: string;
  readonly type: Name;
  readonly at: string;
  readonly data: PodporaEvents[Name];
}

export type Listener<Name extends EventName> = (event: PodporaEvent<Name>) => void;

/** The handle of a widget. Calls after `destroy()` do nothing. */
export interface Podpora {
  /** Signs the site's member in, by a token or a function that returns one. See [Sign members in](sign-in.md). */
  identify(identity: SiteIdentity): Promise<void>;
  /** Signs the member out and deletes what this browser stores for them. */
  logout(): Promise<void>;
  /** Opens the panel. `route`: "tickets", "tickets/new", "tickets/<id>" or "chat". */
  open(route?: string): Promise<void>;
  /** Closes the panel. */
  close(): void;
  /** Opens the panel, or closes it when it is open. */
  toggle(route?: string): Promise<void>;
  /** Shows the launcher. */
  show(): void;
  /** Hides the launcher. */
  hide(): void;
  /** Goes to a screen, whether the panel is open or not. */
  navigate(route: string): Promise<void>;
  /** Fills the forms' `title`, `text`, `name`, `email` and `question` where the member has not written anything. Sends nothing. */
  prefill(words: Prefill): Promise<void>;
  /**
   * Changes options of the running widget, such as `{ locale: "de", theme: "dark" }`. `undefined` sets the default again.
   * Text, screen and focus stay; so does a language that the member has chosen in the widget. If an option is wrong, nothing
   * changes. `endpoint`, `adapter`, `tokenUrl`, `view`, `route` and `preload` can't be changed. From `createPodpora()` it
   * rejects with an `OptionsError`; on a page with the script tag the console says what is wrong.
   */
  update(changes: OptionChanges): Promise<void>;
  /**
   * Tells the team about the member, such as `{ plan: "Pro", cart: "12 items" }`. The member sees each value in the ticket form
   * and can remove it; agents see it as claimed by the page. Values of earlier calls stay; `null` removes one; `logout` and
   * another member remove all. A wrong value is reported in the console, and changes nothing.
   */
  set(attributes: Attributes): Promise<void>;
  /** Listens to an event. Returns a function that stops listening. */
  on<Name extends EventName>(type: Name, listener: Listener<Name>): () => void;
  /** Listens to the next event of this name only. */
  once<Name extends EventName>(type: Name, listener: Listener<Name>): () => void;
  /** Stops listening. */
  off<Name extends EventName>(type: Name, listener: Listener<Name>): void;
  /** The state of the widget now. */
  info(): Info;
  /**
   * Examines the widget and its page, and says what is wrong and what to do. `text` of the result can be copied into an issue: it
   * contains no token, no name and no text of a member. Sends one request, without a token.
   */
  diagnose(): Promise<Report>;
  /** Removes the widget and everything that it has added to the page. */
  destroy(): void;
}

export interface Info {
  readonly version: string;
  readonly open: boolean;
  readonly route: string | undefined;
  readonly locale: string;
  readonly signedIn: boolean;
}
