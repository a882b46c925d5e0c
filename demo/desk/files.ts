import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { mkdirSync, openAsBlob } from "node:fs";
import { join } from "node:path";
import type { Attachment, UploadLimits } from "../../src/core/adapter.ts";
import { AdapterError } from "../../src/core/errors.ts";
import { accepts } from "../../src/protocol/accepts.ts";
import type { Database } from "./database.ts";
import { storageError } from "./storage-error.ts";
import { displayName } from "./text.ts";

export const limits = {
  maxBytes: 25_000_000,
  accept: ["image/*", "application/pdf", "text/plain"],
  maxFiles: 10,
} as const satisfies UploadLimits;

export interface Files {
  /** Bytes first, then the row: an acknowledged attachment has all its bytes on the disk. */
  store(file: File, memberId: string, options: StoreOptions): Promise<Attachment>;
  /** Inside a transaction: puts the member's own, unused attachments into a message. */
  claim(messageId: string, ids: readonly string[], memberId: string): void;
  /** Inside a transaction: what hangs on one message hangs on another as well. */
  share(messageIds: readonly string[], withMessage: string): void;
  of(messageId: string): readonly Attachment[];
  /** What a member may read: what they uploaded, and what stands in their tickets and conversations. */
  readAsMember(id: string, memberId: string): Promise<Blob>;
  /** What an agent may read: what stands in any message. */
  readAsAgent(id: string): Promise<{ readonly attachment: Attachment; readonly blob: Blob }>;
}

interface StoreOptions {
  readonly signal: AbortSignal;
  readonly clientId?: string | undefined;
  /** In the transaction that makes the row. */
  before(): void;
  onProgress?: ((fraction: number) => void) | undefined;
}

const columns = "a.id, a.name, a.bytes, a.type";
const notFound = () => new AdapterError("not-found", "There is no such attachment.");
const orphanAgeMs = 24 * 60 * 60 * 1000;

export function createFiles(database: Database, directory: string, now: () => number): Files {
  const folder = join(directory, "files");
  mkdirSync(folder, { recursive: true });

  const find = (id: string) => database.one<Attachment>(`SELECT ${columns} FROM attachments a WHERE a.id = ?`, id);
  const byClientId = (memberId: string, clientId: string | undefined) =>
    clientId === undefined
      ? undefined
      : database.one<Attachment>(
          `SELECT ${columns} FROM attachments a WHERE a.member_id = ? AND a.client_id = ?`,
          memberId,
          clientId,
        );
  const blobOf = (attachment: Attachment) => openAsBlob(join(folder, attachment.id), { type: attachment.type });

  return {
    async store(file, memberId, options) {
      options.signal.throwIfAborted();
      const before = byClientId(memberId, options.clientId);
      if (before) return { ...before };
      checkFile(file);
      const id = randomBytes(20).toString("hex");
      try {
        await writeDurably(folder, id, file, options);
        return database.write(() => {
          options.before();
          const raced = byClientId(memberId, options.clientId);
          if (raced) throw new Superseded(raced);
          const attachment = { id, name: displayName(file.name), bytes: file.size, type: mimeType(file) };
          database.run(
            "INSERT INTO attachments (id, member_id, client_id, name, bytes, type, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            id,
            memberId,
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
    claim(messageId, ids, memberId) {
      if (ids.length > limits.maxFiles) throw invalidAttachments(`At most ${limits.maxFiles} files.`);
      for (const [position, id] of ids.entries()) {
        const free = database.one(
          `SELECT 1 FROM attachments a WHERE a.id = ? AND a.member_id = ?
             AND NOT EXISTS (SELECT 1 FROM message_attachments l WHERE l.attachment_id = a.id)`,
          id,
          memberId,
        );
        if (!free) throw invalidAttachments(`No unused upload of this member's has the id "${id.slice(0, 60)}".`);
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
    async readAsMember(id, memberId) {
      const attachment = database.one<Attachment>(
        `SELECT ${columns} FROM attachments a WHERE a.id = ?1 AND (a.member_id = ?2 OR EXISTS (
           SELECT 1 FROM message_attachments l JOIN messages m ON m.id = l.message_id
             LEFT JOIN tickets t ON t.id = m.ticket_id LEFT JOIN conversations c ON c.id = m.conversation_id
           WHERE l.attachment_id = a.id AND m.internal = 0 AND (t.member_id = ?2 OR c.member_id = ?2)))`,
        id,
        memberId,
      );
      if (!attachment) throw notFound();
      return blobOf(attachment);
    },
    async readAsAgent(id) {
      const used = database.one("SELECT 1 FROM message_attachments WHERE attachment_id = ?", id);
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

/** The same upload came in twice at once, and the other one was first. */
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
  if (!accepts(limits.accept, type)) {
    const message = `The desk takes ${limits.accept.join(", ")}, not ${type}.`;
    throw new AdapterError("invalid", message, { fields: { file: message } });
  }
}

async function writeDurably(folder: string, id: string, file: File, options: StoreOptions): Promise<void> {
  const temporary = join(folder, `${id}.part`);
  try {
    await using handle = await open(temporary, "wx", 0o600);
    let written = 0;
    for await (const chunk of file.stream()) {
      options.signal.throwIfAborted();
      await handle.writeFile(chunk);
      written += chunk.byteLength;
      options.onProgress?.(written / file.size);
    }
    await handle.sync();
    options.signal.throwIfAborted();
    await rename(temporary, join(folder, id));
    await using parent = await open(folder, "r");
    await parent.sync();
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Takes away the bytes of uploads that never got their row, such as those that a crash cut short. */
export async function sweepFiles(database: Database, directory: string, now: () => number): Promise<void> {
  const folder = join(directory, "files");
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    if (database.one("SELECT 1 FROM attachments WHERE id = ?", name)) continue;
    // Younger ones may be another process's upload that is still under way.
    const { mtimeMs } = await stat(join(folder, name));
    if (now() - mtimeMs > orphanAgeMs) await rm(join(folder, name), { force: true });
  }
}
