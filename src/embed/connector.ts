import { connectRest, recallRest } from "../adapters/rest/index.ts";
import type { Adapter, CallContext } from "../core/contract/adapter.ts";
import type { TokenSource } from "../core/contract/token-source.ts";
import { withDeadlines } from "../core/delivery/deadlines.ts";
import type { Storage } from "../core/delivery/storage.ts";
import type { WidgetPage } from "../loader/app.ts";
import { uploadUrls } from "./storage/upload-urls.ts";

/** The maximum time of a call to an adapter in the page. */
const inPageMs = 30_000;

/** An adapter in the page is created once; the gateway is asked again for each person. */
export function createConnector({ options: { adapter }, endpoint = "", code }: WidgetPage, storage: Storage) {
  let own: Promise<Adapter> | undefined;
  let isAsked = () => {};
  const asked = new Promise<void>((resolve) => (isAsked = resolve));
  const rest = (token: TokenSource) => ({ endpoint, token, uploads: uploadUrls(storage), ...(code && { code }) });
  return {
    /** Resolves once the adapter is created, or the first request to the gateway is sent. */
    asked,
    async connect(ctx: CallContext, token: TokenSource): Promise<Adapter> {
      setTimeout(isAsked);
      if (!adapter) return await connectRest(rest(token), ctx);
      own ??= Promise.resolve(typeof adapter === "function" ? adapter() : adapter).then((made) =>
        withDeadlines(made, inPageMs),
      );
      own.catch(() => (own = undefined));
      return await own;
    },
    /** A code identifies the member, and only the gateway can read it. */
    recall: (answer: unknown, token: TokenSource) => (adapter || code ? undefined : recallRest(rest(token), answer)),
    /** Also of an adapter that is created after the widget was destroyed. */
    dispose: () => void own?.then((made) => made.dispose?.()).catch(() => undefined),
  };
}
