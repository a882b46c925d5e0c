import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, gzip as gzipCompress } from "node:zlib";
import type { Asset } from "./asset.ts";

/** One build of the widget, in memory. */
export interface Build {
  /** A hash of all names and bytes. */
  readonly version: string;
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  /** Compressed at the first request. */
  readonly read: (name: string) => Promise<Asset | undefined>;
}

const type = "text/javascript; charset=utf-8";
const VERSION_LENGTH = 16;
const brotli = promisify(brotliCompress);
const gzip = promisify(gzipCompress);

/** The `.js` files of a directory; undefined if `podpora.js` is not among them. */
export function readBuild(root: string): Build | undefined {
  const names = list(root)
    .filter((name) => name.endsWith(".js"))
    .toSorted();
  if (!names.includes("podpora.js")) return undefined;

  const digest = createHash("sha256");
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const name of names) {
    const body = new Uint8Array(readFileSync(join(root, name)));
    digest.update(`${name}\n${body.length}\n`).update(body);
    files.set(name, body);
  }
  const assets = new Map<string, Promise<Asset>>();
  return {
    version: digest.digest("hex").slice(0, VERSION_LENGTH),
    files,
    async read(name) {
      const body = files.get(name);
      if (body === undefined) return undefined;
      const asset = assets.get(name) ?? packed(body);
      assets.set(name, asset);
      return await asset;
    },
  };
}

async function packed(body: Uint8Array<ArrayBuffer>): Promise<Asset> {
  const [br, gz] = await Promise.all([brotli(body), gzip(body, { level: 9 })]);
  return { body, type, brotli: new Uint8Array(br), gzip: new Uint8Array(gz) };
}

function list(directory: string): readonly string[] {
  try {
    return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : []));
  } catch {
    return [];
  }
}
