import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { fold } from "../../src/adapter/pages.ts";
import { storageError } from "./storage-error.ts";
import { migrations } from "./schema.ts";

/* oxlint-disable typescript/no-unnecessary-type-parameters, typescript/no-unsafe-type-assertion --
   SQL is untyped: each caller states its row type with its statement. */

/**
 * The desk's only database. Rejects with `unavailable` if the storage is full, busy or broken; then nothing was
 * written.
 */
export interface Database {
  /** `Row` names the selected columns. */
  one<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined;
  all<Row>(sql: string, ...values: SQLInputValue[]): readonly Row[];
  /** Returns the number of changed rows. */
  run(sql: string, ...values: SQLInputValue[]): number;
  /**
   * Runs a transaction: when it returns, everything is on the disk; if it throws, nothing is. Nested calls join the
   * outer one.
   */
  write<T>(work: () => T): T;
  /** Called after each commit. Returns a function that removes the listener. */
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
        // SQLite rolls back by itself if the disk is full.
        if (connection.isTransaction) connection.exec("ROLLBACK");
        throw error;
      }
    });
    for (const listener of listeners) listener();
    return result;
  }

  write(() => migrate(connection));
  // Only after the migrations, which may replace tables; it can't be set within a transaction.
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
