import type { EventName, Listener } from "./emitter.ts";
import type { Identity } from "../identity/token.ts";

/** What is put into the forms; nothing is sent. */
export interface Prefill {
  readonly title?: string;
  readonly text?: string;
  readonly name?: string;
  readonly email?: string;
  readonly question?: string;
}

/** What the page holds of the widget. Calls after `destroy()` do nothing. */
export interface Podpora {
  identify(identity: Identity): Promise<void>;
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
