import { AdapterError } from "../../core/contract/errors.ts";
import type { I18n } from "../../i18n/index.ts";
import { HEAD_BYTES, kindOf } from "../../pictures/clean/kind.ts";
import type { Pictures } from "../../pictures/index.ts";
import type { PictureTools } from "../../ui/context.ts";
import type { WidgetPage } from "../../loader/app.ts";
import { importPart } from "./import-part.ts";

/** Screenshots, marks, the viewer: their file is fetched at first use. */
export function lazyPictures(
  { root, element }: Pick<WidgetPage, "root" | "element">,
  i18n: Pick<I18n, "locale" | "direction" | "t">,
  /** The widget was destroyed: open views close, a running capture stops. */
  signal: AbortSignal,
) {
  let loading: Promise<Pictures> | undefined;

  function load(): Promise<Pictures> {
    loading ??= importPart(async () => await import("../../pictures/index.ts")).then(
      ({ createPictures }) =>
        createPictures({
          root,
          element,
          signal,
          locale: () => i18n.locale.peek(),
          direction: () => i18n.direction.peek(),
          t: (key, values = {}) => i18n.t(key, values),
        }),
      (error: unknown) => {
        throw new AdapterError("network", "the editor of pictures could not be fetched", { cause: error });
      },
    );
    // A failed import can be retried.
    loading.catch(() => (loading = undefined));
    return loading;
  }

  return {
    /** A picture without place, time and device; any other file unchanged, without fetching anything. */
    async clean(file: File): Promise<File> {
      const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
      if (kindOf(head) === undefined) return file;
      return await (await load()).clean(file);
    },
    prepare: () => void load().catch(() => undefined),
    capture: async () => await (await load()).capture(),
    edit: async (picture) => await (await load()).edit(picture),
    view: async (pictures, start) => await (await load()).view(pictures, start),
  } satisfies Omit<PictureTools, "canCapture"> & { clean(file: File): Promise<File> };
}
