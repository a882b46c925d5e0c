import type { ViewedPicture } from "../host.ts";

export type Shown =
  | { readonly status: "loading" | "failed" }
  | { readonly status: "notShown"; readonly blob: Blob }
  | { readonly status: "shown"; readonly blob: Blob; readonly bitmap: ImageBitmap };

export interface Loader {
  /** Calls back immediately and after each change; never for a picture that has been replaced since. */
  show(picture: ViewedPicture): void;
  stop(): void;
}

/** Downloads each picture once; keeps only the current one as a bitmap. */
export function createLoader(onShown: (shown: Shown) => void): Loader {
  const loaded = new Map<ViewedPicture, Blob>();
  let bitmap: ImageBitmap | undefined;
  let last = 0;

  async function load(picture: ViewedPicture, isWanted: () => boolean): Promise<Shown> {
    const blob = loaded.get(picture) ?? (await picture.load().catch(() => undefined));
    if (!blob) return { status: "failed" };
    loaded.set(picture, blob);
    const drawn = await createImageBitmap(blob).catch(() => undefined);
    if (!drawn) return { status: "notShown", blob };
    if (isWanted()) bitmap = drawn;
    else drawn.close();
    return { status: "shown", blob, bitmap: drawn };
  }

  function stop() {
    last += 1;
    bitmap?.close();
    bitmap = undefined;
  }

  return {
    show(picture) {
      stop();
      const mine = last;
      onShown({ status: "loading" });
      void load(picture, () => mine === last).then((shown) => mine === last && onShown(shown));
    },
    stop,
  };
}
