import type { Attachment, UploadLimits, UploadsApi } from "../../core/contract/adapter.ts";
import { AdapterError } from "../../core/contract/errors.ts";
import { cleanFileName } from "../../core/contract/file-name.ts";
import type { Entry } from "./entry.ts";
import { conditionOfError, unavailable, type Link } from "./link.ts";
import { createFileIds } from "./file-ids.ts";
import { createFileSizes } from "./file-sizes.ts";
import type { FileRecord } from "./records.ts";
import type { Signatures } from "./signature.ts";
import { transfer } from "./transfer.ts";
import { attributeOf, childOf, childrenOf, xml } from "./xml.ts";

export interface FileOptions {
  /** The server's upload service (XEP-0363), such as "upload.example.org". */
  readonly service: string;
  /** The origin of its files, such as "https://upload.example.org". The gateway fetches from no other origin. */
  readonly origin: string;
  /** The server's own limit. @default 10 MiB */
  readonly maxBytes?: number;
  /** In one message. @default 10 */
  readonly maxFiles?: number;
}

/** Files of both sides, stored at the server's upload service. */
export interface SharedFiles {
  readonly api: Required<UploadsApi> | undefined;
  /** Undefined for a file that is not at the upload service: it is never fetched. */
  attachmentOf(file: FileRecord, ownerId: string): Attachment | undefined;
  /** Whether its content is known: the size of an agent's file has to be requested. */
  knows(entry: Entry): boolean;
  learn(entry: Entry): Promise<void>;
  /** The content of an agent's message: an address of the upload service is a file, any other stays a link. */
  inMessage(entry: Entry, ownerId: string): { readonly text: string; readonly attachments: readonly Attachment[] };
  /** Rejects with `invalid` for files that this member did not upload. */
  ofDraft(ids: readonly string[] | undefined, ownerId: string): readonly FileRecord[];
}

const SLOT = "urn:xmpp:http:upload:0";
const MAX_BYTES = 10 * 1024 * 1024;
const MAX_FILES = 10;
const NAME_MAX = 100;
/** The headers that an upload may have to send (XEP-0363, section 5). */
const sendable = ["authorization", "cookie", "expires"];

export function createFiles(link: () => Link, options: FileOptions | undefined, signatures: Signatures): SharedFiles {
  const origin = options === undefined ? undefined : new URL(options.origin).origin;
  const maxFiles = options?.maxFiles ?? MAX_FILES;
  const sizes = createFileSizes();
  const ids = createFileIds(origin, signatures);

  async function slot(file: File, name: string, service: string, signal: AbortSignal) {
    const type = file.type || "application/octet-stream";
    const request = { xmlns: SLOT, filename: plainName(name), size: String(file.size), "content-type": type };
    try {
      const answer = await link().ask("get", service, xml("request", request), signal);
      const put = childOf(childOf(answer, "slot", SLOT), "put");
      const get = childOf(childOf(answer, "slot", SLOT), "get");
      const [to, from] = [attributeOf(put, "url"), attributeOf(get, "url")];
      if (put === undefined || to === undefined || from === undefined || !ids.isOurs(from)) {
        throw new AdapterError("unavailable", `XMPP: ${service} stores files at ${from}, files.origin is ${origin}`);
      }
      const headers = childrenOf(put, "header").flatMap((header) => {
        const called = attributeOf(header, "name")?.trim() ?? "";
        const value = (header.textContent ?? "").replaceAll(/[\r\n]/g, "");
        return sendable.includes(called.toLowerCase()) ? [[called, value]] : [];
      });
      return { to, from, headers: { ...Object.fromEntries(headers), "Content-Type": type } };
    } catch (error) {
      const condition = conditionOfError(error);
      if (condition !== "not-acceptable" && condition !== "file-too-large") throw error;
      throw new AdapterError("too-large", `XMPP: ${service} accepts no file of ${file.size} bytes`, { cause: error });
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
        const attachment = ids.attachmentOf({ url: from, name, type: file.type, bytes: file.size }, ownerId);
        if (attachment === undefined) throw unavailable(`${service} stores files at another origin than ${origin}`);
        return attachment;
      },
      async download(attachmentId, ctx) {
        ctx.signal.throwIfAborted();
        const file = ids.unseal(attachmentId, ctx.member?.id ?? "");
        if (file === undefined) throw new AdapterError("not-found", `there is no file "${attachmentId}"`);
        const response = await transfer(file.url, { method: "GET", signal: ctx.signal });
        return new File([await response.arrayBuffer()], file.name, { type: file.type });
      },
    };
  }

  /** The address of a file of the upload service, if the message is about one. */
  function fileIn(entry: Entry): string | undefined {
    const url = entry.file ?? entry.body.trim();
    return entry.record === undefined && ids.isOurs(url) ? url : undefined;
  }

  return {
    api: options === undefined ? undefined : apiOf(options),
    attachmentOf: (file, ownerId) => ids.attachmentOf(file, ownerId),
    knows(entry) {
      const url = fileIn(entry);
      return url === undefined || sizes.of(url) !== undefined;
    },
    async learn(entry) {
      const url = fileIn(entry);
      if (url !== undefined) await sizes.learn(url);
    },
    inMessage(entry, ownerId) {
      const url = fileIn(entry);
      // Another server's address is a link.
      if (url === undefined) return { text: entry.body || (entry.file ?? ""), attachments: [] };
      const name = shortName(cleanFileName(decoded(new URL(url).pathname.split("/").at(-1) ?? "")));
      const text = entry.body.trim() === url ? "" : entry.body;
      const file = ids.attachmentOf({ url, name, type: typeOf(name), bytes: sizes.of(url) ?? 0 }, ownerId);
      return { text, attachments: file === undefined ? [] : [file] };
    },
    ofDraft(chosen, ownerId) {
      const wanted = [...new Set(chosen)];
      if (wanted.length > maxFiles) throw refused(`more than ${maxFiles} files`);
      return wanted.map((id) => {
        const file = ids.unseal(id, ownerId);
        if (file === undefined) throw refused(`there is no file "${id}"`);
        return file;
      });
    },
  };
}

function refused(message: string): AdapterError {
  return new AdapterError("invalid", message, { fields: { attachments: message } });
}

/** Truncated in the middle of the name, keeping the extension. */
function shortName(name: string): string {
  const characters = Array.from(name);
  if (characters.length <= NAME_MAX) return name;
  const dot = characters.lastIndexOf(".");
  const kind = dot > 0 && characters.length - dot <= 10 ? characters.slice(dot) : [];
  return [...characters.slice(0, NAME_MAX - kind.length), ...kind].join("");
}

/** Unchanged if it is not a percent-encoding of UTF-8. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Only for the address, in characters that every server and client accepts. */
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

/** Agents' clients do not send it: the type is derived from the name. */
function typeOf(name: string): string {
  return types[name.split(".").at(-1)?.toLowerCase() ?? ""] ?? "application/octet-stream";
}
