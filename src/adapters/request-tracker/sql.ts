/** A value in TicketSQL and TransactionSQL: what is in it means itself. */
export function quoted(value: string): string {
  return `'${value.replaceAll("\\", "\\\\").replaceAll("'", String.raw`\'`)}'`;
}

/** "(a OR b)"; of nothing, what nothing fits. */
export function anyOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? "id = 0" : `(${conditions.join(" OR ")})`;
}

/** A time as RT gives it, as its SQL reads it: without the zone, it would be taken in that of the account. */
export function sqlTime(time: string): string {
  return quoted(time.replace("T", " ").replace("Z", " UTC"));
}
