import type { SQLInputValue } from "node:sqlite";
import type { TicketStatus } from "../../src/core/contract/adapter.ts";
import { searchWords } from "../../src/adapter/pages.ts";

export interface TicketFilter {
  readonly memberId?: string | undefined;
  readonly status?: TicketStatus | undefined;
  /** Matches all words, in the title, the number, or the thread as members see it. */
  readonly search?: string | undefined;
  /** Only tickets that changed before this cursor. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** The index is of trigrams: shorter words are searched for in the texts themselves. */
const indexed = 3;

/**
 * Last changed first. Only the given conditions are in the statement, so that SQLite uses an index: `? IS NULL OR …`
 * would read every row.
 */
export function ticketQuery(columns: string, filter: TicketFilter): readonly [sql: string, values: SQLInputValue[]] {
  const { memberId, status, before, limit } = filter;
  const conditions: string[] = [];
  const values: SQLInputValue[] = [];
  function only(condition: string, value: SQLInputValue | undefined): void {
    if (value === undefined) return;
    conditions.push(condition);
    values.push(value);
  }
  only("t.member_id = ?", memberId);
  only("t.status = ?", status);
  only("t.changed < ?", before);
  for (const word of searchWords(filter.search)) {
    if (Array.from(word).length < indexed) {
      only("t.number IN (SELECT ticket FROM ticket_texts WHERE instr(text, ?) > 0)", word);
    } else {
      // https://www.sqlite.org/fts5.html#full_text_query_syntax: a quoted string is matched literally.
      const phrase = `"${word.replaceAll('"', '""')}"`;
      only("t.number IN (SELECT ticket FROM ticket_texts WHERE ticket_texts MATCH ?)", phrase);
    }
  }
  const where = conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`;
  return [`SELECT ${columns} FROM tickets t ${where} ORDER BY t.changed DESC LIMIT ?`, [...values, limit]];
}
