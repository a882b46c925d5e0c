import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Asset } from "./asset.ts";
import { readBuild, type Build } from "./build.ts";

export interface KeepOptions {
  readonly directory: string;
  /** How many builds, including this one. @default 5 */
  readonly builds?: number;
}

export interface KeptBuilds {
  /** A file of that version, or of the newest build that has it; undefined if none has. */
  read(name: string, version: string | undefined): Promise<Asset | undefined>;
}

const BUILDS = 5;
const VERSION = /^[0-9a-f]{16}$/;
/** While copies of two versions run, one gets requests for files of the other. */
const LOOK_AGAIN_MS = 1000;

/** Copies a build to the shared directory, and deletes the oldest ones. Throws if it cannot. */
export function keepBuild(build: Build, { builds = BUILDS, directory }: KeepOptions): KeptBuilds {
  store(build, directory);
  for (const old of versionsIn(directory).slice(Math.max(1, builds))) {
    if (old !== build.version) rmSync(join(directory, old), { recursive: true, force: true });
  }

  const known = new Map<string, Build | undefined>();
  let lookedAt = 0;

  /** A folder that another copy is writing, or whose files were changed, is not a valid build. */
  function look(): void {
    if (Date.now() - lookedAt < LOOK_AGAIN_MS) return;
    lookedAt = Date.now();
    for (const version of versionsIn(directory)) {
      if (known.get(version) !== undefined) continue;
      const read = readBuild(join(directory, version));
      if (read?.version === version) known.set(version, read);
    }
  }

  async function find(name: string, version: string | undefined): Promise<Asset | undefined> {
    if (version !== undefined) return await known.get(version)?.read(name);
    const holder = [...known.values()].find((each) => each?.files.has(name) === true);
    return await holder?.read(name);
  }

  return {
    async read(name, version) {
      const found = await find(name, version);
      if (found !== undefined) return found;
      look();
      return await find(name, version);
    },
  };
}

function store({ files, version }: Build, directory: string): void {
  const place = join(directory, version);
  mkdirSync(directory, { recursive: true });
  if (readBuild(place)?.version === version) {
    // The newest are those that were started last: after a rollback the earlier version is new again.
    const now = new Date();
    utimesSync(place, now, now);
    return;
  }
  const unfinished = mkdtempSync(join(directory, ".new-"));
  try {
    for (const [name, body] of files) {
      mkdirSync(dirname(join(unfinished, name)), { recursive: true });
      writeFileSync(join(unfinished, name), body);
    }
    rmSync(place, { recursive: true, force: true });
    renameSync(unfinished, place);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    // Another copy that started at the same moment has written it.
    if (readBuild(place)?.version !== version) throw error;
  }
}

/** Newest first. */
function versionsIn(directory: string): readonly string[] {
  const versions = readdirSync(directory).filter((name) => VERSION.test(name));
  const times = new Map(
    versions.map((name) => [name, statSync(join(directory, name), { throwIfNoEntry: false })?.mtimeMs]),
  );
  return versions.toSorted((one, other) => (times.get(other) ?? 0) - (times.get(one) ?? 0));
}
