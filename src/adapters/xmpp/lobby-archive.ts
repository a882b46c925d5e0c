import type { Archive } from "./archive.ts";
import type { Entry } from "./entry.ts";
import type { Faults } from "./faults.ts";
import { createQueue, type Queue } from "./queue.ts";
import { isSnapshot, partsOf, snapshotIn } from "./snapshot.ts";

/**
 * How a copy comes to know the queue: from the newest snapshot on, which other copies and itself write from time to time.
 * What had ended before that is read afterwards, while chats go on already.
 */
export interface LobbyArchive {
  /** The entries that are to be applied, once the queue stands as the snapshot has it. */
  recall(): Promise<readonly Entry[]>;
  /** An entry that was applied. */
  applied(entry: Entry): void;
  /** Writes a snapshot, if it is time for one. */
  keep(): void;
  /** Resolves once what has ended is known too. Never rejects. */
  whole(): Promise<void>;
}

export interface LobbyArchiveOptions {
  readonly archive: Archive;
  readonly faults: Faults;
  readonly queue: Queue;
  readonly room: string;
  readonly keepMs: number;
  /** After so many entries. */
  readonly every: number;
  /** Of one record's JSON. */
  readonly partBytes: number;
  readonly isMine: () => boolean;
  readonly write: (record: object) => Promise<unknown>;
}

const RETRIES = 3;

export function createLobbyArchive(options: LobbyArchiveOptions): LobbyArchive {
  const { archive, every, faults, isMine, keepMs, partBytes, queue, room, write } = options;
  let [count, isWriting] = [0, false];
  let newest: string | undefined;
  let whole: Promise<void> = Promise.resolve();
  /** What came while the past was still read. */
  let meanwhile: Entry[] | undefined;

  const since = (): string => new Date(Date.now() - keepMs).toISOString();

  async function recall(): Promise<readonly Entry[]> {
    const [pages, start]: [Entry[][], string] = [[], since()];
    let isThere = false;
    for await (const page of archive.readBack(room)) {
      if (page.some(({ forged }) => forged)) faults.report("a record that no copy of the gateway has signed");
      pages.push(page.filter(({ forged }) => !forged));
      isThere ||= page.some(isSnapshot);
      const found = isThere ? snapshotIn(pages.toReversed().flat()) : undefined;
      if (found) {
        queue.restore(found.snapshot);
        meanwhile = [];
        whole = faults.settle("chats that have ended", readPast(start));
        return found.later;
      }
      const oldest = page[0];
      if (oldest !== undefined && oldest.at < start) break;
    }
    return pages
      .toReversed()
      .flat()
      .filter(({ at }) => at >= start);
  }

  async function readPast(start: string): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const past = createQueue(0);
        // oxlint-disable-next-line no-await-in-loop -- again only when it failed
        for await (const page of archive.read(room, undefined, start)) {
          for (const entry of page) faults.guard("a message of the lobby", () => past.apply(entry));
        }
        for (const entry of meanwhile ?? []) past.apply(entry);
        meanwhile = undefined;
        queue.adopt(past);
        return;
      } catch (error) {
        if (attempt === RETRIES) throw error;
      }
    }
  }

  async function writeParts(after: string): Promise<void> {
    for (const part of partsOf({ after, waits: queue.waits(), chats: [...queue.open()] }, partBytes)) {
      // oxlint-disable-next-line no-await-in-loop -- in their order
      await write(part);
    }
  }

  return {
    recall,
    applied(entry) {
      newest = entry.id;
      count = isSnapshot(entry) ? 0 : count + 1;
      meanwhile?.push(entry);
    },
    keep() {
      if (count < every || isWriting || newest === undefined || !isMine()) return;
      isWriting = true;
      void faults.settle("a snapshot", writeParts(newest)).finally(() => {
        isWriting = false;
      });
    },
    whole: async () => await whole,
  };
}
