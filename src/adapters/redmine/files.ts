import {
  AdapterError,
  answerOf,
  checkFile,
  cleanFileName,
  createTtlMap,
  fileIds,
  limits,
  statusOf,
  unknownFile,
  type Attachment,
  type CallContext,
  type UploadsApi,
} from "../../adapter/index.ts";
import { idOf, isHidden, lacksRight, notFound, type Desk, type Customer } from "./desk.ts";
import * as schemas from "./schemas.ts";
import { attachmentOf } from "./thread.ts";
import { readIssue } from "./ticket.ts";

/** Attaches files to a member's text. */
export interface FileTokens {
  /** Rejects with `invalid` for unknown files, another member's, or too many. */
  of(
    ids: readonly string[] | undefined,
    customer: Customer,
    signal: AbortSignal,
  ): Promise<readonly { token: string }[]>;
}

const KNOWN_MOST = 1000;
const KNOWN_MS = 24 * 3_600_000;

export function createUploads(desk: Desk): Required<UploadsApi> & { readonly tokens: FileTokens } {
  const { api, settings } = desk;
  const { maxFileBytes, maxFiles, role } = settings;
  /** By attachment. For files uploaded at another copy of the gateway, the hash is computed again. */
  const known = createTtlMap<string>(KNOWN_MOST, KNOWN_MS);

  async function stored(id: number, customer: Customer, signal: AbortSignal): Promise<schemas.StoredFile | undefined> {
    try {
      const ask = { path: `/attachments/${id}.json` };
      return (await api.as(customer.login).json(ask, schemas.oneAttachment, signal)).attachment;
    } catch (error) {
      if (isHidden(error)) return undefined;
      throw error;
    }
  }

  async function bytesOf({ id, filesize }: schemas.StoredFile, customer: Customer, signal: AbortSignal) {
    const maxBytes = Math.max(maxFileBytes, limits.FILE_BYTES);
    if (filesize > maxBytes) throw new AdapterError("too-large", `the file "${id}" has more than ${maxBytes} bytes`);
    // Only by the id: the host in Redmine's answer depends on its settings.
    const ask = { path: `/attachments/download/${id}`, headers: { Accept: "*/*" }, maxBytes };
    return await api.as(customer.login).bytes(ask, signal);
  }

  /** Redmine's upload token: the id with the SHA-256 of the content. */
  async function tokenOf(file: schemas.StoredFile, customer: Customer, signal: AbortSignal): Promise<string> {
    const token = known.get(String(file.id));
    if (token !== undefined) return token;
    const digest = await crypto.subtle.digest(
      "SHA-256",
      await new Blob([...(await bytesOf(file, customer, signal))]).arrayBuffer(),
    );
    const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
    return `${file.id}.${hex}`;
  }

  /** A member's own file, or one that an agent attached where the member sees it. */
  async function visible(attachmentId: string, customer: Customer, ctx: CallContext): Promise<schemas.StoredFile> {
    const [, issueId, ofIssue] = /^(\d+)-(\d+)$/.exec(attachmentId) ?? [];
    const id = idOf(ofIssue ?? attachmentId);
    if (id === undefined) throw notFound(`file "${attachmentId}"`);
    if (issueId !== undefined) {
      const { issue, steps } = await readIssue(desk, issueId, customer, await desk.facts(ctx.signal), ctx.signal);
      const shown = steps.flatMap(({ messages }) => messages.flatMap(({ attachments = [] }) => attachments));
      const file = issue.attachments.find((one) => one.id === id);
      if (file && shown.some((one) => one.id === attachmentId)) return file;
    } else {
      const file = await stored(id, customer, ctx.signal);
      if (file?.author?.id === customer.id) return file;
    }
    throw notFound(`file "${attachmentId}"`);
  }

  return {
    limits: { maxBytes: maxFileBytes, maxFiles },

    async upload(file, ctx): Promise<Attachment> {
      ctx.signal.throwIfAborted();
      checkFile(file, maxFileBytes);
      const customer = await desk.people.ensure(ctx);
      const client = api.as(customer.login);
      const query = { filename: cleanFileName(file.name), content_type: file.type || undefined };
      const call = {
        method: "POST",
        path: "/uploads.json",
        query,
        body: file,
        headers: { "Content-Type": "application/octet-stream" },
      } as const;
      const { upload } = await client.json(call, schemas.upload, ctx.signal).catch((error: unknown) => {
        if (statusOf(error) !== 422) throw lacksRight(error, role, "Add issues");
        throw new AdapterError("too-large", `Redmine does not accept "${file.name}": ${answerOf(error)}`, {
          cause: error,
        });
      });
      const kept = await stored(upload.id, customer, ctx.signal);
      if (kept?.filesize !== file.size)
        throw new AdapterError("unknown", `Redmine has not stored "${file.name}" completely`);
      known.set(String(upload.id), upload.token);
      ctx.onProgress?.(1);
      return attachmentOf(kept, 0, customer);
    },

    async download(attachmentId, ctx) {
      const customer = await desk.people.find(ctx);
      if (!customer) throw notFound(`file "${attachmentId}"`);
      const file = await visible(attachmentId, customer, ctx);
      const pieces = await bytesOf(file, customer, ctx.signal);
      const { name, type } = attachmentOf(file, 0, customer);
      return new File([...pieces], name, { type });
    },

    tokens: {
      async of(ids, customer, signal) {
        return await Promise.all(
          fileIds(ids, maxFiles).map(async (wantedId) => {
            const id = idOf(wantedId);
            const file = id === undefined ? undefined : await stored(id, customer, signal);
            if (file?.author?.id !== customer.id) throw unknownFile(wantedId);
            return { token: await tokenOf(file, customer, signal) };
          }),
        );
      },
    },
  };
}
