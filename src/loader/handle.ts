import type { PodporaEvents } from "../core/events.ts";
import type { SiteIdentity } from "../core/identity/site-identity.ts";
import type { Prefill } from "../core/widget.ts";

export type EventName = keyof PodporaEvents;

/** What a listener gets, and what `window` gets as the `detail` of `podpora:<type>`. */
export interface PodporaEvent<Name extends EventName = EventName> {
  readonly id: string;
  readonly type: Name;
  readonly at: string;
  readonly data: PodporaEvents[Name];
}

export type Listener<Name extends EventName> = (event: PodporaEvent<Name>) => void;

/** What the page holds of the widget. Calls after `destroy()` do nothing. */
export interface Podpora {
  identify(identity: SiteIdentity): Promise<void>;
  /** Signs out, and wipes what this browser holds of the member. */
  logout(): Promise<void>;
  /** `route`: tickets, tickets/new, tickets/<id>, chat. */
  open(route?: string): Promise<void>;
  close(): void;
  toggle(route?: string): Promise<void>;
  /** The launcher, not the panel. */
  show(): void;
  hide(): void;
  navigate(route: string): Promise<void>;
  /** What is filled into the forms where the member has written nothing. Nothing is sent. */
  prefill(words: Prefill): Promise<void>;
  on<Name extends EventName>(type: Name, listener: Listener<Name>): () => void;
  once<Name extends EventName>(type: Name, listener: Listener<Name>): () => void;
  off<Name extends EventName>(type: Name, listener: Listener<Name>): void;
  info(): Info;
  destroy(): void;
}

export interface Info {
  readonly version: string;
  readonly open: boolean;
  readonly route: string | undefined;
  readonly locale: string;
  readonly signedIn: boolean;
}
