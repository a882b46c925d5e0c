import type { I18n } from "../../i18n/index.ts";
import type { Pictures } from "../../pictures/index.ts";
import type { PictureTools } from "../../ui/context.ts";
import type { Host } from "../page/host.ts";
import { loadPictures } from "./load-pictures.ts";

/** Screenshots, marks, the viewer: their file is fetched when one of them is first used. */
export function lazyPictures({ root, element }: Host, endpoint: string | undefined, i18n: I18n) {
  let loading: Promise<Pictures> | undefined;

  function load(): Promise<Pictures> {
    loading ??= loadPictures(endpoint).then(({ createPictures }) =>
      createPictures({ root, element, locale: () => i18n.locale.peek(), direction: () => i18n.direction.peek() }),
    );
    // What could not be fetched now may be there the next time.
    loading.catch(() => (loading = undefined));
    return loading;
  }

  return {
    load,
    prepare: () => void load().catch(() => undefined),
    capture: async () => await (await load()).capture(),
    edit: async (picture) => await (await load()).edit(picture),
    view: async (pictures, start) => await (await load()).view(pictures, start),
  } satisfies Omit<PictureTools, "canCapture"> & { load(): Promise<Pictures> };
}
