import { AdapterError } from "../../core/contract/errors.ts";
import { deferred, type Deferred } from "./deferred.ts";
import { jsonOf, recordElement, type Entry } from "./entry.ts";
import { unavailable, type Link } from "./link.ts";
import { signRecord, type Signatures } from "./signature.ts";
import { bytesOf, xml, xmlText, type Xml } from "./xml.ts";

export interface Post {
  /** Identifies the message when the room sends it back. */
  readonly id: string;
  /** The visible text. Absent: nothing is shown. */
  readonly body?: string;
  readonly record: object;
  readonly children?: readonly Xml[];
  /** The part of the draft that makes it long. @default "text" */
  readonly field?: string;
}

export interface PostContext {
  readonly signatures: Signatures;
  readonly maxStanzaBytes: number;
}

/**
 * The message to send, signed for the room `jid`. Throws `too-large` if a server would close the stream: the bytes are
 * counted in XML.
 */
export function stanzaOf({ maxStanzaBytes, signatures }: PostContext, jid: string, post: Post): Xml {
  const { body, children = [], field = "text", id, record } = post;
  const [text, json, at] = [xmlText(body ?? ""), jsonOf(record), new Date().toISOString()];
  const mac = signRecord(signatures, { room: jid, id, at, body: text, json });
  const parts = [
    body === undefined ? undefined : xml("body", {}, text),
    // XEP-0334: archived, although it has no text.
    body === undefined ? xml("store", { xmlns: "urn:xmpp:hints" }) : undefined,
    recordElement(json, at, mac),
  ];
  const stanza = xml("message", { to: jid, type: "groupchat", id }, ...parts, ...children);
  const bytes = bytesOf(stanza);
  if (bytes <= maxStanzaBytes) return stanza;
  const message = `is too long: it has ${bytes} bytes in XML, the limit is ${maxStanzaBytes}`;
  throw new AdapterError("too-large", `XMPP: the ${field} ${message}`, { fields: { [field]: message } });
}

/** This copy's messages to one room, until the room's archive has them. */
export interface Posts {
  /** Rejects with `too-large`, and with `unavailable` if the room does not confirm it. */
  post(post: Post): Promise<Entry>;
  /** A message that the room sent back. */
  arrived(entry: Entry): void;
  refused(id: string, error: AdapterError): void;
  lost(): void;
}

const POST_MS = 10_000;

export function createPosts(jid: string, context: PostContext & { readonly link: Link }): Posts {
  const { link } = context;
  const posting = new Map<string, Deferred<Entry>>();

  return {
    async post(post) {
      const { id } = post;
      const shared = posting.get(id);
      if (shared) return await shared.promise;
      const stanza = stanzaOf(context, jid, post);
      const posted = deferred<Entry>();
      posting.set(id, posted);
      const limit = setTimeout(() => posted.reject(unavailable(`the room ${jid} did not confirm it`)), POST_MS);
      try {
        link.send(stanza);
        return await posted.promise;
      } finally {
        clearTimeout(limit);
        posting.delete(id);
      }
    },
    arrived(entry) {
      // Anyone may use the same id: a copy's messages are signed.
      if (entry.record !== undefined && entry.sentId !== undefined) posting.get(entry.sentId)?.resolve(entry);
    },
    refused: (id, error) => posting.get(id)?.reject(error),
    lost() {
      for (const posted of posting.values()) posted.reject(unavailable(`the room ${jid} is lost`));
    },
  };
}
