import { createHmac, timingSafeEqual } from "node:crypto";
import ky from "ky";
import * as v from "valibot";
import type { Attachment, UploadLimits, UploadsApi } from "../../core/contract/adapter.ts";
import { AdapterError } from "../../core/contract/errors.ts";
import { cleanFileName } from "../../core/contract/file-name.ts";
import type { Entry } from "./entry.ts";
import { conditionOfError, unavailable, type Link } from "./link.ts";
import type { FileRecord } from "./records.ts";
import { attributeOf, childOf, childrenOf, xml } from "./xml.ts";

export interface FileOptions {
  /** The server's upload service (XEP-0363), such as "upload.example.org". */
  readonly service: string;
  /** Where it keeps the files, such as "https://upload.example.org". The gateway fetches from nowhere else. */
  readonly origin: string;
  /** As the server has it. @default 10 MiB */
  readonly maxBytes?: number;
  /** In one message. @default 10 */
  readonly maxFiles?: number;
}

/** Files of both sides, which stand at the server's upload service. */
export interface SharedFiles {
  readonly api: Required<UploadsApi> | undefined;
  attachmentOf(file: FileRecord, ownerId: string): Attachment;
  /** Whether what it holds is known: of an agent's file the size has to be asked for. */
  knows(entry: Entry): boolean;
  learn(entry: Entry): Promise<void>;
  /** What an agent's message holds: the address of a file of the upload service is one, any other stays a link. */
  inMessage(entry: Entry, ownerId: string): { readonly text: string; readonly attachments: readonly Attachment[] };
  /** Rejects with `invalid` for what this member did not upload. */
  ofDraft(ids: readonly string[] | undefined, ownerId: string): readonly FileRecord[];
}

const SLOT = "urn:xmpp:http:upload:0";
const MAX_BYTES = 10 * 1024 * 1024;
const MAX_FILES = 10;
const TRANSFER_MS = 60_000;
const HEAD_MS = 5000;
/** The address, the name and the size travel in the id, so that every copy knows the file. */
const NAME_MAX = 100;

const sealed = v.tuple([v.string(), v.string(), v.string(), v.number()]);

export function createFiles(link: () => Link, options: FileOptions | undefined, key: string): SharedFiles {
  const origin = options === undefined ? undefined : new URL(options.origin).origin;
  const maxFiles = options?.maxFiles ?? MAX_FILES;
  /** By address. What stands there never changes. */
  const sizes = new Map<string, number>();

  const mac = (payload: string, ownerId: string): string =>
    createHmac("sha256", key)
      .update(JSON.stringify(["file", ownerId, payload]))
      .digest("base64url")
      .slice(0, 32);

  function seal({ bytes, name, type, url }: FileRecord, ownerId: string): string {
    const payload = Buffer.from(JSON.stringify([url, name, type, bytes])).toString("base64url");
    return `${payload}.${mac(payload, ownerId)}`;
  }

  /** Undefined for an id that this gateway did not make for this member. */
  function unseal(id: string, ownerId: string): FileRecord | undefined {
    const [payload = "", signature = ""] = id.split(".");
    const [given, right] = [Buffer.from(signature), Buffer.from(mac(payload, ownerId))];
    if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
    const [url, name, type, bytes] = v.parse(sealed, JSON.parse(Buffer.from(payload, "base64url").toString()));
    return { url, name, type, bytes };
  }

  const attachmentOf = (file: FileRecord, ownerId: string): Attachment => ({
    id: seal(file, ownerId),
    name: file.name,
    bytes: file.bytes,
    type: file.type,
  });

  async function slot(file: File, name: string, service: string, signal: AbortSignal) {
    const type = file.type || "application/octet-stream";
    const request = { xmlns: SLOT, filename: plainName(name), size: String(file.size), "content-type": type };
    try {
      const answer = await link().ask("get", service, xml("request", request), signal);
      const put = childOf(childOf(answer, "slot", SLOT), "put");
      const get = childOf(childOf(answer, "slot", SLOT), "get");
      const [to, from] = [attributeOf(put, "url"), attributeOf(get, "url")];
      if (put === undefined || to === undefined || from === undefined || new URL(from).origin !== origin) {
        throw new AdapterError("unavailable", `XMPP: ${service} keeps files at ${from}, files.origin is ${origin}`);
      }
      const headers = childrenOf(put, "header").map((header) => [
        attributeOf(header, "name") ?? "",
        header.textContent ?? "",
      ]);
      return { to, from, headers: { ...Object.fromEntries(headers), "Content-Type": type } };
    } catch (error) {
      const condition = conditionOfError(error);
      if (condition !== "not-acceptable" && condition !== "file-too-large") throw error;
      throw new AdapterError("too-large", `XMPP: ${service} takes no file of ${file.size} bytes`, { cause: error });
    }
  }

  function apiOf({ maxBytes = MAX_BYTES, service }: FileOptions): Required<UploadsApi> {
    const limits: UploadLimits = { maxBytes, maxFiles };
    return {
      limits,
      async upload(file, ctx) {
        const ownerId = ctx.member?.id;
        ctx.signal.throwIfAborted();
        if (ownerId === undefined) throw new AdapterError("unauthorized", "a file needs a member");
        if (file.size > maxBytes) {
          throw new AdapterError("too-large", `"${file.name}" has ${file.size} bytes, the limit is ${maxBytes}`);
        }
        if (file.size === 0) {
          throw new AdapterError("invalid", `"${file.name}" is empty`, { fields: { file: "is empty" } });
        }
        await link().ready(ctx.signal);
        const name = shortName(cleanFileName(file.name));
        const { from, headers, to } = await slot(file, name, service, ctx.signal);
        await transfer(to, { method: "PUT", body: await file.arrayBuffer(), headers, signal: ctx.signal });
        ctx.onProgress?.(1);
        return attachmentOf({ url: from, name, type: file.type, bytes: file.size }, ownerId);
      },
      async download(attachmentId, ctx) {
        ctx.signal.throwIfAborted();
        const file = unseal(attachmentId, ctx.member?.id ?? "");
        if (file === undefined) throw new AdapterError("not-found", `there is no file "${attachmentId}"`);
        const response = await transfer(file.url, { method: "GET", signal: ctx.signal });
        return new File([await response.arrayBuffer()], file.name, { type: file.type });
      },
    };
  }

  /** The address of a file of the upload service, where the message is about one. */
  function fileIn(entry: Entry): string | undefined {
    const url = entry.file ?? entry.body.trim();
    const ours = entry.record === undefined && URL.canParse(url) && new URL(url).origin === origin;
    return ours ? url : undefined;
  }

  return {
    api: options === undefined ? undefined : apiOf(options),
    attachmentOf,
    knows(entry) {
      const url = fileIn(entry);
      return url === undefined || sizes.has(url);
    },
    async learn(entry) {
      const url = fileIn(entry);
      if (url === undefined || sizes.has(url)) return;
      const signal = AbortSignal.timeout(HEAD_MS);
      const head = await transfer(url, { method: "HEAD", signal }).catch(() => undefined);
      sizes.set(url, Number(head?.headers.get("Content-Length") ?? 0));
    },
    inMessage(entry, ownerId) {
      const url = fileIn(entry);
      if (url === undefined) return { text: entry.body, attachments: [] };
      const name = shortName(cleanFileName(decodeURIComponent(new URL(url).pathname.split("/").at(-1) ?? "")));
      const text = entry.body.trim() === url ? "" : entry.body;
      return {
        text,
        attachments: [attachmentOf({ url, name, type: typeOf(name), bytes: sizes.get(url) ?? 0 }, ownerId)],
      };
    },
    ofDraft(ids, ownerId) {
      const wanted = [...new Set(ids)];
      if (wanted.length > maxFiles) throw refused(`more than ${maxFiles} files`);
      return wanted.map((id) => {
        const file = unseal(id, ownerId);
        if (file === undefined) throw refused(`there is no file "${id}"`);
        return file;
      });
    },
  };
}

async function transfer(url: string, init: RequestInit & { readonly signal: AbortSignal }): Promise<Response> {
  const { signal } = init;
  try {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(TRANSFER_MS)]);
    const response = await ky(url, {
      ...init,
      signal: limited,
      retry: 0,
      timeout: false,
      throwHttpErrors: false,
      redirect: "error",
    });
    if (response.ok) return response;
    if (response.status === 413)
      throw new AdapterError("too-large", "XMPP: the upload service takes no file this large");
    const code = response.status === 404 ? "not-found" : "unavailable";
    throw new AdapterError(code, `XMPP: the upload service answered with ${response.status}`);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof AdapterError) throw error;
    throw unavailable("the upload service cannot be reached");
  }
}

function refused(message: string): AdapterError {
  return new AdapterError("invalid", message, { fields: { attachments: message } });
}

/** Cut in the middle of the name, not of its kind. */
function shortName(name: string): string {
  const characters = Array.from(name);
  if (characters.length <= NAME_MAX) return name;
  const dot = characters.lastIndexOf(".");
  const kind = dot > 0 && characters.length - dot <= 10 ? characters.slice(dot) : [];
  return [...characters.slice(0, NAME_MAX - kind.length), ...kind].join("");
}

/** For the address alone: what every server and client takes. */
function plainName(name: string): string {
  return name
    .normalize("NFKD")
    .replaceAll(/[^\w.-]+/g, "_")
    .slice(-40);
}

const types: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  pdf: "application/pdf",
  txt: "text/plain",
};

/** Agents' clients say nothing of it: the kind is what the name says. */
function typeOf(name: string): string {
  return types[name.split(".").at(-1)?.toLowerCase() ?? ""] ?? "application/octet-stream";
}
