import type * as Pictures from "../../pictures/index.ts";

/**
 * What is done with pictures: a part of the site's own bundle. The script has load-pictures-beside.ts in the place of
 * this module.
 */
export async function loadPictures(_endpoint: string | undefined): Promise<typeof Pictures> {
  return await import("../../pictures/index.ts");
}
