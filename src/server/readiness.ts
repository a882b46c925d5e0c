import { constants } from "node:fs";
import { access } from "node:fs/promises";
import type { Area, DeskState } from "../core/contract/adapter.ts";
import { isStoreError, type SharedStore } from "../gateway/index.ts";

/** The body of `/readyz`: "ready" with 200, "not ready" with 503. */
export interface Readiness {
  readonly status: "ready" | "not ready";
  readonly parts: {
    readonly listener: "open" | "closing";
    /** "alone": a single copy without shared store. Otherwise "reached" or what is wrong with Redis. */
    readonly store: string;
    /** "unused" if the desk accepts no files. */
    readonly uploads: "writable" | "not writable" | "unused";
    /** The state of each part of the adapter. Does not affect readiness: calls then get 503. */
    readonly desk: Partial<Record<Area, DeskState>>;
  };
}

export interface ReadinessOptions {
  readonly store: SharedStore;
  readonly isStopping: () => boolean;
  readonly desk: () => Readiness["parts"]["desk"];
  /** The upload directory. */
  readonly uploads: string | undefined;
  /** Whether an unreachable store makes the copy unready. */
  readonly needsStore: boolean;
}

const PATIENCE_MS = 2000;

export function createReadiness(options: ReadinessOptions): () => Promise<Readiness> {
  const { desk, isStopping, needsStore, store, uploads } = options;
  return async () => {
    const [shared, files] = await Promise.all([storeState(store), uploadsState(uploads)]);
    const isReady = !isStopping() && (!needsStore || shared === "alone" || shared === "reached");
    return {
      status: isReady ? "ready" : "not ready",
      parts: { listener: isStopping() ? "closing" : "open", store: shared, uploads: files, desk: desk() },
    };
  };
}

async function storeState(store: SharedStore): Promise<string> {
  if (store.ping === undefined) return "alone";
  return await soon(
    store.ping().then(
      () => "reached",
      (error: unknown) => {
        const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
        return isStoreError(cause) ? cause.fault : "failed";
      },
    ),
    "silent",
  );
}

async function uploadsState(directory: string | undefined): Promise<Readiness["parts"]["uploads"]> {
  if (directory === undefined) return "unused";
  // A network file system that is down may not respond at all.
  return await soon(
    access(directory, constants.W_OK).then(
      () => "writable",
      () => "not writable",
    ),
    "not writable",
  );
}

async function soon<T>(answer: Promise<T>, otherwise: T): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<T>((resolve) => (timer = setTimeout(() => resolve(otherwise), PATIENCE_MS)));
  return await Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
