import { OutdatedError } from "../../core/outdated-error.ts";

/**
 * A later part of the widget. A failed import can be retried. Rejects with an `OutdatedError` if the site has another
 * version by now, and this page's version is gone.
 */
export async function importPart<Module>(run: () => Promise<Module>): Promise<Module> {
  try {
    return await run();
  } catch (error) {
    // All files of a build are deployed and removed together. In a single file there is no address, and nothing to
    // fetch.
    const address = import.meta.url as string | undefined;
    if (address && (await isGone(address))) throw new OutdatedError(`${address} is gone`, { cause: error });
    throw error;
  }
}

async function isGone(address: string): Promise<boolean> {
  try {
    const { status } = await fetch(address, { method: "HEAD", cache: "no-store", credentials: "omit" });
    return status === 404 || status === 410;
  } catch {
    return false;
  }
}
