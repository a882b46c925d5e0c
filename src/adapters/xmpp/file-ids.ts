import * as v from "valibot";
import type { Attachment } from "../../core/contract/adapter.ts";
import type { FileRecord } from "./records.ts";
import type { Signatures } from "./signature.ts";

/** The id contains address, name and size, so that every copy knows the file. */
export interface FileIds {
  /** Undefined for a file that is not at the upload service. */
  attachmentOf(file: FileRecord, ownerId: string): Attachment | undefined;
  /** Undefined for an id that this gateway did not issue to this member, or of a file stored elsewhere. */
  unseal(id: string, ownerId: string): FileRecord | undefined;
  /** Whether the address is one of the upload service's. */
  isOurs(url: string): boolean;
}

const sealed = v.tuple([v.string(), v.string(), v.string(), v.number()]);
/** An id with a longer address would exceed the maximum length. */
const URL_MAX = 1000;
/** The length of the HMAC in an id. */
const MAC_LENGTH = 43;

/** `origin`: the upload service's. Undefined: none. */
export function createFileIds(origin: string | undefined, signatures: Signatures): FileIds {
  /** Not by `origin` alone: "blob:https://…" has the origin of its inner address. */
  function isOurs(url: string): boolean {
    if (origin === undefined || url.length > URL_MAX || !URL.canParse(url)) return false;
    const { host, password, protocol, username } = new URL(url);
    return `${protocol}//${host}` === origin && /^https?:$/.test(protocol) && username === "" && password === "";
  }

  function fileOf(payload: string): FileRecord | undefined {
    try {
      const parsed: unknown = JSON.parse(Buffer.from(payload, "base64url").toString());
      const [url, name, type, bytes] = v.parse(sealed, parsed);
      return { url, name, type, bytes };
    } catch {
      return undefined;
    }
  }

  return {
    isOurs,
    attachmentOf(file, ownerId) {
      if (!isOurs(file.url)) return undefined;
      const { bytes, name, type, url } = file;
      const payload = Buffer.from(JSON.stringify([url, name, type, bytes])).toString("base64url");
      return { id: `${payload}.${signatures.sign("file", ownerId, payload)}`, name, bytes, type };
    },
    unseal(id, ownerId) {
      const [payload = "", mac = ""] = id.split(".");
      if (mac.length !== MAC_LENGTH || !signatures.holds(mac, "file", ownerId, payload)) return undefined;
      const file = fileOf(payload);
      return file !== undefined && isOurs(file.url) ? file : undefined;
    },
  };
}
