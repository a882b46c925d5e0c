import { acceptedType } from "../core/contract/file-types.ts";

/** Whether a list such as `["image/*", "application/pdf"]` takes this MIME type. Without a list everything is taken. */
export function accepts(accept: readonly string[] | undefined, type: string): boolean {
  return acceptedType({ name: "", type }, accept) !== undefined;
}
