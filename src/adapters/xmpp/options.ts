import type { FileOptions } from "./files.ts";

export interface XmppOptions {
  /**
   * The server's component port (XEP-0114), such as "tcp://xmpp.example.org:5347". Of a cluster all nodes: the next is
   * taken when one is lost.
   */
  readonly servers: readonly string[];
  /** The address that the server knows this copy of the gateway by, such as "chat-a.example.org". */
  readonly component: string;
  /** The component's password. */
  readonly secret: string;
  /** The addresses of all copies of the gateway. @default this one alone */
  readonly copies?: readonly string[];
  /** The server's room service, such as "rooms.example.org". Its rooms have to be archived (XEP-0313). */
  readonly rooms: string;
  /** Who may answer, such as "nina@example.org". ejabberd takes a domain too, for everybody of it; Prosody does not. */
  readonly agents: readonly string[];
  /** The room where agents see who waits. @default "help" */
  readonly lobby?: string;
  /** Absent: chat without files. */
  readonly files?: FileOptions;
  /**
   * Signs what the gateway writes into rooms, and seals the ids of files. At least 32 bytes, the same for every copy. Of
   * several the first one signs, and all of them verify: a new key goes to the front, and the old one goes once no chat
   * that began with it is to be read (`keepMs`).
   */
  readonly key: string | readonly string[];
  /** What the team speaks, as BCP 47 language tags. Absent: nothing is claimed. */
  readonly languages?: readonly string[];
  /** How long a place is kept for a member whose every stream is cut. @default 5 minutes */
  readonly graceMs?: number;
  /** How long a chat waits for an agent who is gone before it is back in the queue. @default 3 minutes */
  readonly agentGraceMs?: number;
  /** How far back chats are known. @default 30 days */
  readonly keepMs?: number;
  /**
   * How many bytes one message may have in XML; what is longer is refused as `too-large`. Servers end the stream at their
   * own limit (Prosody: 512 KiB). @default 200 KiB
   */
  readonly maxStanzaBytes?: number;
  /** After how many entries of the lobby its state is written there, so that a copy need not read all of them. @default 500 */
  readonly snapshotEvery?: number;
  /** How often the server is asked whether it is there. After two without an answer the next one is taken. @default 20 s */
  readonly pingMs?: number;
  /** Told of what was skipped because it could not be read, without anybody's words. @default one line to the error output */
  readonly onError?: (error: unknown) => void;
}
