import type { UploadLimits } from "../../src/core/contract/adapter.ts";

/** For members' and agents' files. */
export const limits = {
  maxBytes: 60_000_000,
  accept: ["image/*", "application/pdf", "text/plain"],
  maxFiles: 10,
} as const satisfies UploadLimits;
