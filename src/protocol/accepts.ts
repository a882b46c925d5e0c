import { acceptedType } from "../core/contract/file-types.ts";

/** Whether a list such as `["image/*", "application/pdf"]` accepts this MIME type. No list accepts everything. */
export function accepts(accept: readonly string[] | undefined, type: string): boolean {
  return acceptedType({ name: "", type }, accept) !== undefined;
}
