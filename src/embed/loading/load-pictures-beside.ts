import type * as Pictures from "../../pictures/index.ts";
import { version } from "../../version.ts";

let failures = 0;

/**
 * The module that stands beside the script. Rejects when it can't be fetched, and can be called again: by another
 * address, since a browser remembers of an address that it failed.
 */
export async function loadPictures(endpoint: string | undefined): Promise<typeof Pictures> {
  const again = failures > 0 ? `&try=${failures}` : "";
  try {
    return await import(/* @vite-ignore */ `${endpoint}/pictures.js?v=${version}${again}`);
  } catch (error) {
    failures += 1;
    throw error;
  }
}
