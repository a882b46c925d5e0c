import type { Archive } from "./archive.ts";
import type { Entry } from "./entry.ts";
import type { Faults } from "./faults.ts";
import { pause } from "./pause.ts";
import { createQueue, type Queue } from "./queue.ts";
import { isSnapshot, partsOf, snapshotIn } from "./snapshot.ts";

/**
 * Restores the queue: from the latest snapshot on, which all copies write from time to time. Chats that ended earlier
 * are read afterwards, while chats continue.
 */
export interface LobbyArchive {
  /** The entries to apply, once the queue has the state of the snapshot. */
  recall(): Promise<readonly Entry[]>;
  /** An entry that was applied. */
  applied(entry: Entry): void;
  /** Writes a snapshot, if one is due. */
  keep(): void;
  /** Resolves once the ended chats are known too. Never rejects. */
  whole(): Promise<void>;
  stop(): void;
}

export interface LobbyArchiveOptions {
  readonly archive: Archive;
  readonly faults: Faults;
  readonly queue: Queue;
  readonly room: string;
  readonly keepMs: number;
  /** After this many entries. */
  readonly every: number;
  /** Of one record's JSON. */
  readonly partBytes: number;
  readonly isMine: () => boolean;
  readonly write: (record: object) => Promise<unknown>;
}

const RETRY_MS = 1000;

export function createLobbyArchive(options: LobbyArchiveOptions): LobbyArchive {
  const { archive, every, faults, isMine, keepMs, partBytes, queue, room, write } = options;
  let [count, isWriting, isStopped] = [0, false, false];
  let newest: string | undefined;
  let whole: Promise<void> = Promise.resolve();
  /** Live messages that arrived while the archive was read. */
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
        whole = faults.settle("what has ended", readPast(start));
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
    for (;;) {
      if (isStopped) return;
      try {
        // oxlint-disable-next-line no-await-in-loop -- again only when it failed
        queue.adopt(await past(start));
        return;
      } catch {
        // The connection was lost: reading is repeated after reconnecting.
        // oxlint-disable-next-line no-await-in-loop -- see above
        await pause(RETRY_MS);
      }
    }
  }

  async function past(start: string): Promise<Queue> {
    const read = createQueue(0);
    for await (const page of archive.read(room, undefined, start)) {
      for (const entry of page) faults.guard("a message of the lobby", () => read.apply(entry));
    }
    for (const entry of meanwhile ?? []) read.apply(entry);
    meanwhile = undefined;
    return read;
  }

  async function writeParts(after: string): Promise<void> {
    const snapshot = { after, waits: queue.waits(), chats: [...queue.open()], spent: queue.spent() };
    for (const part of partsOf(snapshot, partBytes)) {
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
    stop() {
      isStopped = true;
    },
  };
}
