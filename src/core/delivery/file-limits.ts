import type { UploadLimits } from "../contract/adapter.ts";

/** Why a file was not taken. */
export interface RejectedFile {
  readonly name: string;
  readonly reason: "too-large" | "empty" | "type" | "too-many";
}

/** `count` files are chosen already. */
export function whyNot(file: File, count: number, limits: UploadLimits): RejectedFile["reason"] | undefined {
  if (count >= (limits.maxFiles ?? Number.POSITIVE_INFINITY)) return "too-many";
  if (file.size === 0) return "empty";
  if (file.size > (limits.maxBytes ?? Number.POSITIVE_INFINITY)) return "too-large";
  const accepted = limits.accept?.some((type) =>
    type.endsWith("/*") ? file.type.startsWith(type.slice(0, -1)) : file.type === type,
  );
  return accepted === false ? "type" : undefined;
}
