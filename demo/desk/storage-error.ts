import { AdapterError } from "../../src/core/contract/errors.ts";

// https://www.sqlite.org/rescode.html: BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN
const sqliteCodes = new Set([5, 6, 8, 10, 13, 14]);
const systemCodes = new Set(["ENOSPC", "EDQUOT", "EIO", "EROFS", "EMFILE", "ENFILE"]);

/**
 * Maps storage errors to `unavailable`, so that the member's message is kept and retried; other errors are returned
 * unchanged.
 */
export function storageError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { code, errcode } = error as Error & { readonly code?: unknown; readonly errcode?: unknown };
  const sqlite = code === "ERR_SQLITE_ERROR" && typeof errcode === "number" && sqliteCodes.has(errcode & 0xff);
  if (!sqlite && !(typeof code === "string" && systemCodes.has(code))) return error;
  return new AdapterError("unavailable", `The desk cannot store this now: ${error.message}.`, { cause: error });
}
