import ky from "ky";
import { AdapterError } from "../../core/contract/errors.ts";
import { fetchUntil } from "../../core/contract/fetch-until.ts";
import { unavailable } from "./link.ts";

const TRANSFER_MS = 60_000;

/** One request to the upload service, without redirects, whose target would be unchecked. */
export async function transfer(url: string, init: RequestInit & { readonly signal: AbortSignal }): Promise<Response> {
  const { signal } = init;
  try {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(TRANSFER_MS)]);
    const response = await ky(url, {
      ...init,
      signal: limited,
      fetch: fetchUntil(limited),
      retry: 0,
      timeout: false,
      throwHttpErrors: false,
      redirect: "error",
    });
    if (response.ok) return response;
    if (response.status === 413)
      throw new AdapterError("too-large", "XMPP: the upload service accepts no file this large");
    const code = response.status === 404 ? "not-found" : "unavailable";
    throw new AdapterError(code, `XMPP: the upload service answered with ${response.status}`);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof AdapterError) throw error;
    throw unavailable("the upload service cannot be reached");
  }
}
