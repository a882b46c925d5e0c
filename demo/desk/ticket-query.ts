import type { SQLInputValue } from "node:sqlite";
import type { TicketStatus } from "../../src/core/contract/adapter.ts";
import { searchWords } from "../../src/adapters/shared/search.ts";

export interface TicketFilter {
  readonly memberId?: string | undefined;
  readonly status?: TicketStatus | undefined;
  /** Finds what has all of its words: in the title, the number or what members can read of the thread. */
  readonly search?: string | undefined;
  /** Only those that changed before. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** The index is of three letters each: what is shorter is looked for in the texts themselves. */
const indexed = 3;

/**
 * The last changed first. Only what is asked stands in the statement, so that an index answers it: a condition such as
 * `? IS NULL OR …` reads every row.
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
      // https://www.sqlite.org/fts5.html#full_text_query_syntax: a string in quotes is looked for as it is.
      const phrase = `"${word.replaceAll('"', '""')}"`;
      only("t.number IN (SELECT ticket FROM ticket_texts WHERE ticket_texts MATCH ?)", phrase);
    }
  }
  const where = conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`;
  return [`SELECT ${columns} FROM tickets t ${where} ORDER BY t.changed DESC LIMIT ?`, [...values, limit]];
}
