import type { FileOptions } from "./files.ts";

export interface XmppOptions {
  /**
   * The server's component ports (XEP-0114), such as "tcp://xmpp.example.org:5347". For a cluster, all nodes: if one is
   * lost, the next is used.
   */
  readonly servers: readonly string[];
  /** This copy's address at the server, such as "chat-a.example.org". */
  readonly component: string;
  /** The component's password. */
  readonly secret: string;
  /** The addresses of all copies of the gateway. @default this one alone */
  readonly copies?: readonly string[];
  /** The server's room service, such as "rooms.example.org". Its rooms have to be archived (XEP-0313). */
  readonly rooms: string;
  /** Who may answer, such as "nina@example.org". ejabberd also accepts a whole domain; Prosody does not. */
  readonly agents: readonly string[];
  /** The room where agents see waiting members. @default "help" */
  readonly lobby?: string;
  /** Absent: chat without files. */
  readonly files?: FileOptions;
  /**
   * Signs what the gateway writes into rooms, and seals the ids of files. At least 32 bytes, the same for every copy.
   * Of several the first one signs, and all of them verify: put a new key first, and remove the old one once no chat
   * that began with it is read (`keepMs`).
   */
  readonly key: string | readonly string[];
  /** The languages of the team, as BCP 47 language tags. Absent: none are shown. */
  readonly languages?: readonly string[];
  /** How long a member without a stream keeps their place. @default 5 minutes */
  readonly graceMs?: number;
  /** How long a chat waits for an absent agent before it returns to the queue. @default 3 minutes */
  readonly agentGraceMs?: number;
  /** How far back chats are known. @default 30 days */
  readonly keepMs?: number;
  /**
   * The maximum size of a message in bytes of XML; a longer one is refused as `too-large`. Servers close the stream at
   * their own limit (Prosody: 512 KiB). @default 200 KiB
   */
  readonly maxStanzaBytes?: number;
  /**
   * The number of lobby entries after which a snapshot is written there, so that a copy need not read all of them.
   * @default 500
   */
  readonly snapshotEvery?: number;
  /** The interval of pings. After two without an answer the next server is used. @default 20 s */
  readonly pingMs?: number;
  /**
   * Called with unreadable content that was skipped, without any member's text. @default one line to the error output
   */
  readonly onError?: (error: unknown) => void;
}
