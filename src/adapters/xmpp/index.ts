import type { Adapter } from "../../core/contract/adapter.ts";
import { check } from "./check.ts";
import { createChat, type XmppChat } from "./chat.ts";
import { openDesk } from "./desk.ts";
import { createErase } from "./erase.ts";
import type { XmppOptions } from "./options.ts";

export type { FileOptions } from "./files.ts";
export type { XmppOptions } from "./options.ts";

export interface XmppAdapter extends Adapter {
  readonly chat: XmppChat;
  /** The number of open event streams. */
  listeners(): number;
}

/**
 * Live chat over an XMPP server, as an external component (XEP-0114): each chat is a room, the queue is a room, and the
 * rooms' archives are the only state. Agents use any client. Runs on Node.
 *
 * Throws a TypeError that names the invalid option. A server that cannot be reached is no error here: calls reject with
 * `unavailable` until it can.
 */
export function xmpp(options: XmppOptions): XmppAdapter {
  const desk = openDesk(options);
  return {
    name: "xmpp",
    chat: createChat(desk),
    ...(desk.files.api === undefined ? {} : { uploads: desk.files.api }),
    check: (signal) => check(desk, signal),
    // Without the lobby no chat works, although the server answers.
    state: () => ({ chat: desk.link.answers && desk.lobby.room.entered ? "reached" : "away" }),
    erase: createErase(desk),
    listeners: () => desk.listeners(),
    dispose: () => desk.close(),
  };
}
