import type { UploadLimits } from "../contract/adapter.ts";
import { acceptedType } from "../contract/file-types.ts";

/** Why a file was not accepted. */
export interface RejectedFile {
  readonly name: string;
  readonly reason: "too-large" | "empty" | "type" | "too-many";
}

/** `count` files are chosen already. */
export function whyNot(file: File, count: number, limits: UploadLimits): RejectedFile["reason"] | undefined {
  if (count >= (limits.maxFiles ?? Number.POSITIVE_INFINITY)) return "too-many";
  if (file.size === 0) return "empty";
  if (file.size > (limits.maxBytes ?? Number.POSITIVE_INFINITY)) return "too-large";
  return acceptedType(file, limits.accept) === undefined ? "type" : undefined;
}
