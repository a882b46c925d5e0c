import type { ImapFlow } from "imapflow";
import type { Attachment } from "../../core/contract/adapter.ts";
import { AdapterError } from "../../core/contract/errors.ts";
import { markupFromHtml, createTtlMap, markupFromText } from "../../adapter/index.ts";
import type { Desk } from "./desk.ts";
import { bytesOf, partsOf, textOf, WORDS_BYTES, type Part, type Parts } from "./parts.ts";
import type { SentRecord } from "./record.ts";
import type { Place, Step } from "./thread.ts";

/** The content of a mail. */
export interface Body {
  /** A member's text as typed; any other in the Markdown subset. */
  readonly text: string;
  readonly attachments: readonly Attachment[];
}

export interface Bodies {
  /** By the mail's key, without mails that were deleted meanwhile. */
  of(threadId: string, steps: readonly Step[], signal: AbortSignal): Promise<ReadonlyMap<string, Body>>;
}

const KEPT_MOST = 500;
const KEPT_MS = 10 * 60_000;
const KEPT_LENGTH = 64 * 1024;

export function createBodies(desk: Desk): Bodies {
  const kept = createTtlMap<Body>(KEPT_MOST, KEPT_MS);
  const { link, seal } = desk;

  async function read(threadId: string, steps: readonly Step[], signal: AbortSignal): Promise<Map<string, Body>> {
    const bodies = new Map<string, Body>();
    for (const some of groupsOf(steps, ({ place }) => place.folder).values()) {
      // oxlint-disable-next-line no-await-in-loop -- one folder after the other
      await link.read(signal, async (client) => {
        const [place] = some.map((step) => step.place);
        if (!place || !(await openAt(client, place))) return;
        const parts = await outlines(client, some);
        const words = await wordsOf(client, some, parts);
        for (const step of some) {
          const own = parts.get(step.place.uid);
          if (own) bodies.set(step.entry.key, bodyOf(threadId, step, own, words.get(step.place.uid) ?? []));
        }
      });
    }
    return bodies;
  }

  function bodyOf(threadId: string, { entry }: Step, { words, files }: Parts, texts: readonly string[]): Body {
    if (entry.record !== undefined) {
      const text = texts.join("").slice(0, entry.record.length);
      return { text, attachments: ownFiles(threadId, entry.key, entry.record) };
    }
    // A bounce contains the original mail, including the part for agents.
    const shown = entry.kind === "bounce" ? [] : files;
    const attachments = shown.map((part) => attachmentOf(threadId, entry.key, part));
    const pictures = new Map(shown.flatMap(({ cid }, at) => (cid ? [[cid, attachments[at]?.id ?? ""] as const] : [])));
    const markup = texts.map((text, at) => {
      const safe = seal.hide(text, threadId);
      return words[at]?.type === "text/html" ? markupFromHtml(safe, pictures) : markupFromText(safe);
    });
    return { text: markup.join("\n\n").trim(), attachments };
  }

  return {
    async of(threadId, steps, signal) {
      const nameOf = ({ entry }: Step) => `${threadId} ${entry.key}`;
      const known = new Map(
        steps.flatMap((step) => {
          const body = kept.get(nameOf(step));
          return body ? [[step.entry.key, body] as const] : [];
        }),
      );
      const unknown = steps.filter(({ entry }) => !known.has(entry.key));
      const found = unknown.length > 0 ? await read(threadId, unknown, signal) : new Map<string, Body>();
      for (const step of unknown) {
        const body = found.get(step.entry.key);
        if (body && body.text.length <= KEPT_LENGTH) kept.set(nameOf(step), body);
      }
      return new Map([...known, ...found]);
    },
  };
}

/** Whether the folder still has the UIDVALIDITY of the UID. */
export async function openAt(client: ImapFlow, { folder, validity }: Place, readOnly = true): Promise<boolean> {
  const { uidValidity } = await client.mailboxOpen(folder, { readOnly });
  return String(uidValidity) === validity;
}

async function outlines(client: ImapFlow, steps: readonly Step[]): Promise<ReadonlyMap<number, Parts>> {
  const uids = steps.map(({ place }) => place.uid).join(",");
  const found = await client.fetchAll(uids, { uid: true, bodyStructure: true }, { uid: true });
  const theirs = new Map(steps.map(({ place, entry }) => [place.uid, entry.record]));
  return new Map(
    found.map(({ uid, bodyStructure }) => {
      const parts = bodyStructure ? partsOf(bodyStructure) : { words: [], files: [] };
      // The first part of the gateway's own mail is the member's text, whatever files follow.
      return [uid, theirs.get(uid) === undefined ? parts : { ...parts, words: parts.words.slice(0, 1) }];
    }),
  );
}

/** Of mails with the same structure, in one call. */
async function wordsOf(client: ImapFlow, steps: readonly Step[], parts: ReadonlyMap<number, Parts>) {
  const texts = new Map<number, readonly string[]>();
  // The library uses lower-case names.
  const numbers = (uid: number) => parts.get(uid)?.words.map(({ number }) => number) ?? [];
  const alike = groupsOf(steps, ({ place }) => numbers(place.uid).join(" "));
  for (const [wanted, some] of alike) {
    if (wanted === "") continue;
    const uids = some.map(({ place }) => place.uid).join(",");
    const bodyParts = wanted.split(" ").map((key) => ({ key, start: 0, maxLength: WORDS_BYTES }));
    // oxlint-disable-next-line no-await-in-loop -- one after the other, on one connection
    const found = await client.fetchAll(uids, { uid: true, bodyParts }, { uid: true });
    for (const { uid, bodyParts: contents } of found) {
      const words = parts.get(uid)?.words ?? [];
      const content = ({ number }: Part) => contents?.get(number.toLowerCase()) ?? Buffer.alloc(0);
      // oxlint-disable-next-line no-await-in-loop -- as above
      texts.set(
        uid,
        await Promise.all(words.map(async (part) => cut(await textOf(part, content(part)), content(part)))),
      );
    }
  }
  return texts;
}

function cut(text: string, content: Buffer): string {
  return content.length < WORDS_BYTES ? text : `${text}\n\n[…]`;
}

function groupsOf(steps: readonly Step[], nameOf: (step: Step) => string): ReadonlyMap<string, readonly Step[]> {
  const groups = new Map<string, Step[]>();
  for (const step of steps) groups.set(nameOf(step), [...(groups.get(nameOf(step)) ?? []), step]);
  return groups;
}

/** In a mail with files, the text is the first part. */
export function ownFiles(threadId: string, key: string, { files }: SentRecord): readonly Attachment[] {
  return files.map(([name, bytes, type], at) => ({ id: fileId(threadId, key, `${at + 2}`), name, bytes, type }));
}

export function attachmentOf(threadId: string, key: string, part: Part): Attachment {
  return { id: fileId(threadId, key, part.number), name: part.name, bytes: bytesOf(part), type: part.type };
}

function fileId(threadId: string, key: string, part: string): string {
  return `${threadId}-${key}-${part}`;
}

export function unknownAttachment(id: string): AdapterError {
  return new AdapterError("not-found", `there is no file "${id.slice(0, 100)}"`);
}
