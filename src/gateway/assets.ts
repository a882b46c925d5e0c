import { fileURLToPath } from "node:url";
import type { Asset } from "./asset.ts";
import { readBuild } from "./build.ts";
import { keepBuild, type KeepOptions } from "./kept-builds.ts";

/** Reads by name, such as "podpora.js"; undefined when there is none. */
export interface Assets {
  /** `version`: of that build. Absent: of the newest one, or for a name with a hash in it of whichever has it. */
  (name: string, version?: string): Promise<Asset | undefined>;
  /**
   * Changes with any byte of any file. The files also stand under it, as addresses that never change:
   * "/<version>/podpora.js". Absent: they do not.
   */
  readonly version?: string;
}

export interface AssetsOptions {
  /**
   * Where builds are kept: this one is copied there, and the earlier ones are served from there, so that a page that was
   * open before an upgrade still finds the rest of its widget. Shared by all copies of the gateway.
   */
  readonly keep?: KeepOptions;
}

/** A name that changes with the file's bytes, so that whichever build has it has the same. */
export const hashed = /-[0-9a-f]{8}\.js$/;

/**
 * The built widget: the `.js` files of the directory. All of them are read now, so that a version
 * always means the same bytes: after a new build, make a new gateway. Throws when `podpora.js` is not there, and when
 * builds cannot be kept where `keep` says.
 */
export function assetsFrom(directory: string | URL, { keep }: AssetsOptions = {}): Assets {
  const root = directory instanceof URL ? fileURLToPath(directory) : directory;
  const build = readBuild(root);
  if (build === undefined) throw new TypeError("assetsFrom: there is no podpora.js here: build the widget first");
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
