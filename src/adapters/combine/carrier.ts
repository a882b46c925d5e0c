import type { Attachment, CallContext, UploadLimits, UploadsApi } from "../../core/contract/adapter.ts";
import { AdapterError, isAdapterError } from "../../core/contract/errors.ts";

/** Files of two desks. Each keeps its own; a file that the other one needs is passed on. */
export interface Carrier {
  /** The widget's uploads, for tickets if both take files. Absent if neither does. */
  readonly uploads: UploadsApi | undefined;
  /** For a chat message: the ids of the same files at the chat's desk. */
  toChat(ids: readonly string[], clientId: string, ctx: CallContext): Promise<readonly string[]>;
  /** For a ticket: the id of a file of the chat. Undefined if the desk of the tickets does not accept it. */
  toTickets(file: Attachment, clientId: string, ctx: CallContext): Promise<string | undefined>;
}

export function carrierBetween(tickets: UploadsApi | undefined, chat: UploadsApi | undefined): Carrier {
  const home = tickets ?? chat;

  async function find(id: string, ctx: CallContext): Promise<Blob> {
    try {
      if (home?.download) return await home.download(id, ctx);
    } catch (error) {
      if (!isAdapterError(error) || error.code !== "not-found" || home === chat) throw error;
    }
    if (chat?.download) return await chat.download(id, ctx);
    throw new AdapterError("not-found", `there is no file "${id}"`);
  }

  async function handOn(id: string, clientId: string, ctx: CallContext): Promise<string> {
    if (home === chat) return id;
    if (chat === undefined) throw refused("the chat takes no files");
    const blob = await tickets?.download?.(id, ctx).catch((error: unknown) => {
      if (isAdapterError(error) && error.code === "not-found") return undefined;
      throw error;
    });
    // An id that the desk of the tickets does not know may be the chat's own.
    if (blob === undefined) return id;
    const name = blob instanceof File ? blob.name : "file";
    return (await chat.upload(new File([blob], name, { type: blob.type }), { ...ctx, clientId })).id;
  }

  return {
    uploads: home && { ...home, limits: stricter(tickets?.limits, chat?.limits), download: find },
    async toChat(ids, clientId, ctx) {
      return await Promise.all(ids.map(async (id, index) => await handOn(id, `${clientId}-${index}`, ctx)));
    },
    async toTickets({ id, name, type }, clientId, ctx) {
      if (tickets === undefined || chat?.download === undefined) return undefined;
      const blob = await chat.download(id, ctx);
      try {
        return (await tickets.upload(new File([blob], name, { type }), { ...ctx, clientId })).id;
      } catch (error) {
        if (isAdapterError(error) && (error.code === "too-large" || error.code === "invalid")) return undefined;
        throw error;
      }
    },
  };
}

/** The limits of both: when a file is chosen, its destination is not yet known. */
function stricter(one: UploadLimits = {}, other: UploadLimits = {}): UploadLimits {
  const maxBytes = Math.min(one.maxBytes ?? Infinity, other.maxBytes ?? Infinity);
  const maxFiles = Math.min(one.maxFiles ?? Infinity, other.maxFiles ?? Infinity);
  const accept = one.accept ?? other.accept;
  return {
    ...(Number.isFinite(maxBytes) ? { maxBytes } : {}),
    ...(Number.isFinite(maxFiles) ? { maxFiles } : {}),
    ...(accept === undefined ? {} : { accept }),
  };
}

function refused(message: string): AdapterError {
  return new AdapterError("invalid", message, { fields: { attachments: message } });
}
