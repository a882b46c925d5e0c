import { randomBytes } from "node:crypto";
import { mkdirSync, openAsBlob } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Attachment } from "../../src/core/contract/adapter.ts";
import { AdapterError } from "../../src/core/contract/errors.ts";
import { cleanFileName } from "../../src/core/contract/file-name.ts";
import { accepts } from "../../src/protocol/accepts.ts";
import type { Database } from "./database.ts";
import { limits } from "./file-limits.ts";
import { writeDurably } from "./file-store.ts";
import { storageError } from "./storage-error.ts";

/** The uploader, who alone may attach it to a message. */
export type Owner =
  | { readonly memberId: string; readonly agentId?: never }
  | { readonly agentId: string; readonly memberId?: never };

export interface Files {
  /** Writes the file first and then the row, so that an acknowledged attachment is complete. */
  store(file: File, owner: Owner, options: StoreOptions): Promise<Attachment>;
  /** Inside a transaction: attaches the owner's unused uploads to a message. */
  claim(messageId: string, ids: readonly string[], owner: Owner): void;
  /** Inside a transaction: also attaches these messages' files to another message. */
  share(messageIds: readonly string[], withMessage: string): void;
  of(messageId: string): readonly Attachment[];
  /** The files attached to this ticket's messages and to no others. */
  onlyOf(ticketId: string): readonly string[];
  /**
   * Inside a transaction: deletes the rows of files without a message. `erase` deletes the bytes after the transaction.
   */
  forget(ids: readonly string[]): void;
  erase(ids: readonly string[]): Promise<void>;
  /**
   * A file that the member may read: their uploads, those in their tickets and conversations, and the avatars of
   * authors there.
   */
  readAsMember(id: string, memberId: string): Promise<Blob>;
  /** A file that agents may read: those in messages, and the agents' avatars. */
  readAsAgent(id: string): Promise<{ readonly attachment: Attachment; readonly blob: Blob }>;
}

interface StoreOptions {
  readonly signal: AbortSignal;
  readonly clientId?: string | undefined;
  /** Runs in the transaction that creates the row. */
  before?(): void;
  onProgress?: ((fraction: number) => void) | undefined;
}

const columns = "a.id, a.name, a.bytes, a.type";
const notFound = () => new AdapterError("not-found", "There is no such attachment.");
const columnOf = (owner: Owner) => (owner.memberId === undefined ? "agent_id" : "member_id");
const idOf = (owner: Owner) => owner.memberId ?? owner.agentId;

export function createFiles(database: Database, directory: string, now: () => number): Files {
  const folder = join(directory, "files");
  mkdirSync(folder, { recursive: true });

  const find = (id: string) => database.one<Attachment>(`SELECT ${columns} FROM attachments a WHERE a.id = ?`, id);
  const byClientId = (owner: Owner, clientId: string | undefined) =>
    clientId === undefined
      ? undefined
      : database.one<Attachment>(
          `SELECT ${columns} FROM attachments a WHERE a.${columnOf(owner)} = ? AND a.client_id = ?`,
          idOf(owner),
          clientId,
        );
  const blobOf = (attachment: Attachment) => openAsBlob(join(folder, attachment.id), { type: attachment.type });

  return {
    async store(file, owner, options) {
      options.signal.throwIfAborted();
      const before = byClientId(owner, options.clientId);
      if (before) return { ...before };
      checkFile(file);
      const id = randomBytes(20).toString("hex");
      try {
        await writeDurably(folder, id, file, options);
        return database.write(() => {
          options.before?.();
          const raced = byClientId(owner, options.clientId);
          if (raced) throw new Superseded(raced);
          const attachment = { id, name: cleanFileName(file.name), bytes: file.size, type: mimeType(file) };
          database.run(
            `INSERT INTO attachments (id, ${columnOf(owner)}, client_id, name, bytes, type, at)
             VALUES (?, ?, ?, ?, ?, ?, ?)`,
            id,
            idOf(owner),
            options.clientId ?? null,
            attachment.name,
            attachment.bytes,
            attachment.type,
            new Date(now()).toISOString(),
          );
          return attachment;
        });
      } catch (error) {
        await rm(join(folder, id), { force: true });
        if (error instanceof Superseded) return { ...error.attachment };
        throw storageError(error);
      }
    },
    claim(messageId, ids, owner) {
      if (ids.length > limits.maxFiles) throw invalidAttachments(`At most ${limits.maxFiles} files.`);
      for (const [position, id] of ids.entries()) {
        const free = database.one(
          `SELECT 1 FROM attachments a WHERE a.id = ? AND a.${columnOf(owner)} = ?
             AND NOT EXISTS (SELECT 1 FROM message_attachments l WHERE l.attachment_id = a.id)`,
          id,
          idOf(owner),
        );
        if (!free) throw invalidAttachments(`No unused upload of this writer's has the id "${id.slice(0, 60)}".`);
        link(messageId, id, position);
      }
    },
    share(messageIds, withMessage) {
      const ids = messageIds.flatMap((messageId) => this.of(messageId).map(({ id }) => id));
      for (const [position, id] of ids.entries()) link(withMessage, id, position);
    },
    of: (messageId) =>
      database
        .all<Attachment>(
          `SELECT ${columns} FROM message_attachments l JOIN attachments a ON a.id = l.attachment_id
           WHERE l.message_id = ? ORDER BY l.position`,
          messageId,
        )
        .map((row) => ({ ...row })),
    onlyOf: (ticketId) =>
      database
        .all<{ id: string }>(
          `SELECT DISTINCT l.attachment_id AS id FROM message_attachments l JOIN messages m ON m.id = l.message_id
           WHERE m.ticket_id = ?1 AND NOT EXISTS (
             SELECT 1 FROM message_attachments o JOIN messages n ON n.id = o.message_id
             WHERE o.attachment_id = l.attachment_id AND n.ticket_id IS NOT ?1)`,
          ticketId,
        )
        .map(({ id }) => id),
    forget(ids) {
      for (const id of ids) database.run("DELETE FROM attachments WHERE id = ?", id);
    },
    async erase(ids) {
      await Promise.all(ids.map((id) => rm(join(folder, id), { force: true })));
    },
    async readAsMember(id, memberId) {
      const attachment = database.one<Attachment>(
        `SELECT ${columns} FROM attachments a WHERE a.id = ?1 AND (a.member_id = ?2 OR EXISTS (
           SELECT 1 FROM message_attachments l JOIN messages m ON m.id = l.message_id
             LEFT JOIN tickets t ON t.id = m.ticket_id LEFT JOIN conversations c ON c.id = m.conversation_id
           WHERE l.attachment_id = a.id AND m.internal = 0 AND (t.member_id = ?2 OR c.member_id = ?2))
         OR EXISTS (SELECT 1 FROM agents g WHERE g.picture = a.id AND (
           EXISTS (SELECT 1 FROM conversations c WHERE c.member_id = ?2 AND c.agent_id = g.id)
           OR EXISTS (SELECT 1 FROM conversations c JOIN messages m ON m.conversation_id = c.id
             WHERE c.member_id = ?2 AND m.author_role = 'agent' AND m.author_id = g.id)
           OR EXISTS (SELECT 1 FROM tickets t JOIN messages m ON m.ticket_id = t.id
             WHERE t.member_id = ?2 AND m.internal = 0 AND m.author_role = 'agent' AND m.author_id = g.id))))`,
        id,
        memberId,
      );
      if (!attachment) throw notFound();
      return blobOf(attachment);
    },
    async readAsAgent(id) {
      const used = database.one(
        "SELECT 1 FROM message_attachments WHERE attachment_id = ?1 UNION SELECT 1 FROM agents WHERE picture = ?1",
        id,
      );
      const attachment = find(id);
      if (!used || !attachment) throw notFound();
      return { attachment: { ...attachment }, blob: await blobOf(attachment) };
    },
  };

  function link(messageId: string, id: string, position: number): void {
    database.run(
      "INSERT INTO message_attachments (message_id, attachment_id, position) VALUES (?, ?, ?)",
      messageId,
      id,
      position,
    );
  }
}

/** A concurrent upload with the same id was stored first. */
class Superseded extends Error {
  override readonly name = "Superseded";
  readonly attachment: Attachment;
  constructor(attachment: Attachment) {
    super("The upload was stored by another call.");
    this.attachment = attachment;
  }
}

function invalidAttachments(message: string): AdapterError {
  return new AdapterError("invalid", message, { fields: { attachments: message } });
}

function mimeType(file: File): string {
  return (file.type.split(";")[0] ?? "").trim().toLowerCase() || "application/octet-stream";
}

function checkFile(file: File): void {
  if (file.size > limits.maxBytes) {
    throw new AdapterError("too-large", `The file has ${file.size} bytes, the desk takes ${limits.maxBytes}.`);
  }
  const type = mimeType(file);
  if (!accepts(limits.accept, type)) throw invalidFile(`The desk takes ${limits.accept.join(", ")}, not ${type}.`);
  if (file.size === 0) throw invalidFile("The file is empty.");
}

function invalidFile(message: string): AdapterError {
  return new AdapterError("invalid", message, { fields: { file: message } });
}
