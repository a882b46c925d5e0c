import { abortable } from "../../core/contract/abortable.ts";
import type { Storage } from "../../core/delivery/storage.ts";
import { isUsed } from "../../loader/storage-name.ts";
import type { ReportDetails, StorageReport } from "../../loader/report.ts";

/** Stores nothing where the widget has not stored anything yet. `storage`: that of the running widget. */
export async function storageReport(name: string, storage: Storage | undefined): Promise<StorageReport> {
  const manager = navigator.storage as StorageManager | undefined;
  const [estimate, persisted, state] = await Promise.all([
    inTime(manager?.estimate?.()),
    inTime(manager?.persisted?.()),
    inTime(stateOf(name, storage)),
  ]);
  return {
    state: state ?? "refused",
    persisted: persisted ?? false,
    ...(estimate?.usage !== undefined && { used: estimate.usage }),
    ...(estimate?.quota !== undefined && { quota: estimate.quota }),
  };
}

const answerMs = 3_000;

/** A browser's storage may never answer. */
async function inTime<T>(work: Promise<T> | undefined): Promise<T | undefined> {
  return await (work && abortable(work, AbortSignal.timeout(answerMs)).catch(() => undefined));
}

const testKey = "diagnosis";

async function stateOf(name: string, storage: Storage | undefined): Promise<StorageReport["state"]> {
  try {
    if (!storage) return "indexedDB" in globalThis ? ((await isUsed(name)) ? "works" : "unused") : "refused";
    await storage.set(testKey, 1);
    await storage.delete(testKey);
    return "works";
  } catch {
    return "refused";
  }
}

/** Counts the entries of all outboxes. Their keys name a person, and their values have a member's text: neither is used. */
export async function unsent(storage: Storage | undefined): Promise<ReportDetails["outbox"]> {
  if (!storage) return { waiting: 0, refused: 0 };
  const keys = (await inTime(storage.keys(""))) ?? [];
  const stored = await Promise.all(
    keys.filter((key) => key.endsWith("-outbox")).map(async (key) => await inTime<unknown>(storage.get(key))),
  );
  const entries: readonly unknown[] = stored.flatMap((value) => (Array.isArray(value) ? value : []));
  const refused = entries.filter((entry) => Object(entry)["refused"] !== undefined).length;
  return { waiting: entries.length - refused, refused };
}
