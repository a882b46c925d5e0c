import { connectRest } from "../adapters/rest/index.ts";
import type { Adapter, CallContext } from "../core/contract/adapter.ts";
import type { TokenSource } from "../core/contract/token-source.ts";
import { withDeadlines } from "../core/delivery/deadlines.ts";
import type { Storage } from "../core/delivery/storage.ts";
import type { WidgetPage } from "../loader/app.ts";
import { uploadUrls } from "./storage/upload-urls.ts";

/** The longest that a call of an adapter in the page may take. */
const inPageMs = 30_000;

/** An adapter that runs in the page is made once; the gateway is asked anew for each person. */
export function createConnector({ options: { adapter }, endpoint = "", code }: WidgetPage, storage: Storage) {
  let own: Promise<Adapter> | undefined;
  return {
    async connect(ctx: CallContext, token: TokenSource): Promise<Adapter> {
      if (!adapter) {
        return await connectRest({ endpoint, token, uploads: uploadUrls(storage), ...(code && { code }) }, ctx);
      }
      own ??= Promise.resolve(typeof adapter === "function" ? adapter() : adapter).then((made) =>
        withDeadlines(made, inPageMs),
      );
      own.catch(() => (own = undefined));
      return await own;
    },
    /** Also of an adapter that is made only when the widget has gone. */
    dispose: () => void own?.then((made) => made.dispose?.()).catch(() => undefined),
  };
}
