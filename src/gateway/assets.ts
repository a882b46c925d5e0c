import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";

export interface Asset {
  readonly body: Uint8Array<ArrayBuffer>;
  /** For `Content-Type`. */
  readonly type: string;
  /** The same, for who accepts `br`. */
  readonly brotli?: Uint8Array<ArrayBuffer>;
}

/** Reads by name, such as "podpora.js" or "locales/sl.json"; undefined when there is none. */
export interface Assets {
  (name: string): Promise<Asset | undefined>;
  /**
   * Changes with any byte of any file. The files also stand under it, as addresses that never change:
   * "/<version>/podpora.js". Absent: they do not.
   */
  readonly version?: string;
}

const types: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  json: "application/json; charset=utf-8",
};
const VERSION_LENGTH = 16;

/**
 * The built widget: the `.js` files of the directory and `locales/*.json`. All of them are read now, so that a version
 * always means the same bytes: after a new build, make a new gateway. Throws when `podpora.js` is not there.
 */
export function assetsFrom(directory: string | URL): Assets {
  const root = directory instanceof URL ? fileURLToPath(directory) : directory;
  const names = [
    ...list(root).filter((name) => name.endsWith(".js")),
    ...list(join(root, "locales"))
      .filter((name) => name.endsWith(".json"))
      .map((name) => `locales/${name}`),
  ].toSorted();
  if (!names.includes("podpora.js"))
    throw new TypeError("assetsFrom: there is no podpora.js here: build the widget first");

  const digest = createHash("sha256");
  const files = new Map<string, Asset>();
  for (const name of names) {
    const body = new Uint8Array(readFileSync(join(root, name)));
    digest.update(`${name}\n${body.length}\n`).update(body);
    const type = types[name.slice(name.lastIndexOf(".") + 1)] ?? "application/octet-stream";
    files.set(name, { body, type, brotli: new Uint8Array(brotliCompressSync(body)) });
  }
  const version = digest.digest("hex").slice(0, VERSION_LENGTH);
  return Object.assign(async (name: string) => files.get(name), { version });
}

function list(directory: string): readonly string[] {
  try {
    return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : []));
  } catch {
    return [];
  }
}
