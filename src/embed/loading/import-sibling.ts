import { OutdatedError } from "../../core/outdated-error.ts";

/** Named after its bytes: another version of the widget has another file. */
const hashed = /-[0-9a-f]{8}\.js$/;
const failures = new Map<string, number>();

/**
 * Imports a file from the script's own address. Can be called again after it failed: by another address, since a browser remembers of
 * an address that it failed. Rejects with an `OutdatedError` when the file is not there any more.
 */
export async function importSibling<Module>(address: string): Promise<Module> {
  const tries = failures.get(address) ?? 0;
  const again = tries > 0 ? `${address.includes("?") ? "&" : "?"}try=${tries}` : "";
  try {
    const module: Module = await import(/* @vite-ignore */ `${address}${again}`);
    return module;
  } catch (error) {
    failures.set(address, tries + 1);
    if (hashed.test(address) && (await isGone(address)))
      throw new OutdatedError(`${address} is gone`, { cause: error });
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
