import type { Attachment, CallContext, UploadsApi } from "../../core/contract/adapter.ts";
import { AdapterError } from "../../core/contract/errors.ts";
import { cleanFileName } from "../../core/contract/file-name.ts";
import { answerOf, statusOf } from "../shared/desk-refusal.ts";
import { limits } from "../shared/desk-limits.ts";
import { checkFile, fileIds, unknownFile } from "../shared/file-check.ts";
import { idOf, isHidden, lacksRight, notFound } from "./api.ts";
import type { Customer } from "./customers.ts";
import { readIssue, type Desk } from "./issues.ts";
import * as schemas from "./schemas.ts";
import { attachmentOf } from "./thread.ts";

/** Puts files on what a member writes. */
export interface FileTokens {
  /** Rejects with `invalid` for what is not this member's, is unknown, or is more than fits. */
  of(
    ids: readonly string[] | undefined,
    customer: Customer,
    signal: AbortSignal,
  ): Promise<readonly { token: string }[]>;
}

const KNOWN_MOST = 1000;

export function createUploads(desk: Desk): Required<UploadsApi> & { readonly tokens: FileTokens } {
  const { api, settings } = desk;
  const { maxFileBytes, maxFiles, role } = settings;
  /** By attachment. What another copy of the gateway took in is computed again. */
  const known = new Map<number, string>();

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
    // By the id alone: the address in Redmine's answer is whatever its settings take its host to be.
    const ask = { path: `/attachments/download/${id}`, headers: { Accept: "*/*" }, maxBytes };
    return await api.as(customer.login).bytes(ask, signal);
  }

  /** What Redmine gave for the upload: the id with the SHA-256 of the content. */
  async function tokenOf(file: schemas.StoredFile, customer: Customer, signal: AbortSignal): Promise<string> {
    const token = known.get(file.id);
    if (token !== undefined) return token;
    const digest = await crypto.subtle.digest(
      "SHA-256",
      await new Blob([...(await bytesOf(file, customer, signal))]).arrayBuffer(),
    );
    const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
    return `${file.id}.${hex}`;
  }

  function remember(id: number, token: string): void {
    const [oldest] = known.keys();
    if (known.size >= KNOWN_MOST && oldest !== undefined) known.delete(oldest);
    known.set(id, token);
  }

  /** A member's own file, or one that an agent put where the member sees it. */
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
      const customer = await desk.customers.ensure(ctx);
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
        throw new AdapterError("too-large", `Redmine does not take "${file.name}": ${answerOf(error)}`, {
          cause: error,
        });
      });
      const kept = await stored(upload.id, customer, ctx.signal);
      if (kept?.filesize !== file.size) throw new AdapterError("unknown", `Redmine has not kept "${file.name}" whole`);
      remember(upload.id, upload.token);
      ctx.onProgress?.(1);
      return attachmentOf(kept, 0, customer);
    },

    async download(attachmentId, ctx) {
      const customer = await desk.customers.find(ctx);
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
