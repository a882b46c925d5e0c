import { fileURLToPath } from "node:url";
import type { Asset } from "./asset.ts";
import { readBuild } from "./build.ts";
import { keepBuild, type KeepOptions } from "./kept-builds.ts";

/** Reads by name, such as "podpora.js"; undefined if there is no such file. */
export interface Assets {
  /**
   * `version`: from that build. Absent: from the newest build, or for a name with a hash, from any build that has it.
   */
  (name: string, version?: string): Promise<Asset | undefined>;
  /**
   * Changes with any byte of any file. The files are also served under it, at immutable addresses:
   * "/<version>/podpora.js". Absent: they are not.
   */
  readonly version?: string;
}

export interface AssetsOptions {
  /**
   * Where builds are kept: this build is copied there, and earlier ones are served from there, so that a page opened
   * before an upgrade still finds the rest of its widget. Shared by all copies of the gateway.
   */
  readonly keep?: KeepOptions;
}

/** A name with a content hash, so that every build with this name has the same file. */
export const hashed = /-[0-9a-f]{8}\.js$/;

/**
 * The built widget: the `.js` files of the directory. All of them are read now, so that a version always has the same
 * bytes: after a new build, create a new gateway. Throws if `podpora.js` is missing, or if builds cannot be kept in the
 * directory of `keep`.
 */
export function assetsFrom(directory: string | URL, { keep }: AssetsOptions = {}): Assets {
  const root = directory instanceof URL ? fileURLToPath(directory) : directory;
  const build = readBuild(root);
  if (build === undefined) throw new TypeError("assetsFrom: this directory has no podpora.js: build the widget first");
  const { files, read, version } = build;
  // In the background, so that the first page does not wait for it.
  for (const name of files.keys()) void read(name);
  const kept = keep === undefined ? undefined : keepBuild(build, keep);

  async function find(name: string, wanted?: string): Promise<Asset | undefined> {
    if (wanted === undefined || wanted === version) {
      const own = await build?.read(name);
      if (own !== undefined || wanted !== undefined || !hashed.test(name)) return own;
    }
    return await kept?.read(name, wanted);
  }
  return Object.assign(find, { version });
}
