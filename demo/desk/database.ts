import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { fold } from "../../src/adapters/shared/search.ts";
import { storageError } from "./storage-error.ts";
import { migrations } from "./schema.ts";

/* oxlint-disable typescript/no-unnecessary-type-parameters, typescript/no-unsafe-type-assertion --
   SQL has no types here: each caller names its row beside its statement. */

/** The desk's one file. Storage that is full, busy or broken rejects with `unavailable`; then nothing was written. */
export interface Database {
  /** `Row` names the columns that the statement selects. */
  one<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined;
  all<Row>(sql: string, ...values: SQLInputValue[]): readonly Row[];
  /** How many rows it changed. */
  run(sql: string, ...values: SQLInputValue[]): number;
  /** One transaction: when it returns, all of it is on the disk; when it throws, none. Inside another it joins that. */
  write<T>(work: () => T): T;
  /** Called after each commit; the answer takes the listener away. */
  onCommit(listener: () => void): () => void;
  close(): void;
}

export function openDatabase(directory: string): Database {
  mkdirSync(directory, { recursive: true });
  const connection = new DatabaseSync(join(directory, "desk.sqlite"));
  const statements = new Map<string, StatementSync>();
  const listeners = new Set<() => void>();

  connection.exec(`
    PRAGMA busy_timeout = 5000;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = OFF;
  `);
  connection.function("fold", { deterministic: true }, (text) => fold(String(text)));

  function statement(sql: string): StatementSync {
    const known = statements.get(sql);
    if (known) return known;
    const made = connection.prepare(sql);
    statements.set(sql, made);
    return made;
  }

  function write<T>(work: () => T): T {
    if (connection.isTransaction) return work();
    const result = guarded(() => {
      connection.exec("BEGIN IMMEDIATE");
      try {
        const made = work();
        connection.exec("COMMIT");
        return made;
      } catch (error) {
        // SQLite rolls back by itself when the disk is full.
        if (connection.isTransaction) connection.exec("ROLLBACK");
        throw error;
      }
    });
    for (const listener of listeners) listener();
    return result;
  }

  write(() => migrate(connection));
  // Not before: a migration may put a table in another's place, and within a transaction this cannot be set.
  connection.exec("PRAGMA foreign_keys = ON");

  return {
    one: <Row>(sql: string, ...values: SQLInputValue[]) =>
      guarded(() => statement(sql).get(...values) as Row | undefined),
    all: <Row>(sql: string, ...values: SQLInputValue[]) => guarded(() => statement(sql).all(...values) as Row[]),
    run: (sql, ...values) => guarded(() => Number(statement(sql).run(...values).changes)),
    write,
    onCommit(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close() {
      if (connection.isOpen) connection.close();
    },
  };
}

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw storageError(error);
  }
}

function migrate(connection: DatabaseSync): void {
  const done = Number(connection.prepare("PRAGMA user_version").get()?.["user_version"] ?? 0);
  if (done > migrations.length) {
    throw new Error(`The desk's file has schema ${done}, this program knows ${migrations.length}: use a newer one.`);
  }
  for (const migration of migrations.slice(done)) connection.exec(migration);
  connection.exec(`PRAGMA user_version = ${migrations.length}`);
}
