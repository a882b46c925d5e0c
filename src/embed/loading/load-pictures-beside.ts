import type * as Pictures from "../../pictures/index.ts";
import { version } from "../../version.ts";
import { importSibling } from "./import-sibling.ts";

/** `pictures.js`, from the script's own address. Rejects when it can't be fetched, and can be called again. */
export async function loadPictures(endpoint: string | undefined): Promise<typeof Pictures> {
  return await importSibling<typeof Pictures>(`${endpoint}/pictures.js?v=${version}`);
}
