/** So many are named, the others counted. */
const NAMED = 20;

/** Such as "2 tickets (#1, #2)"; what is no text is counted alone. */
export function counted(items: readonly unknown[], what: string): string {
  const names = items.filter((item) => typeof item === "string");
  const more = names.length > NAMED ? `, and ${names.length - NAMED} more` : "";
  const named = names.length === 0 ? "" : ` (${names.slice(0, NAMED).join(", ")}${more})`;
  return `${items.length} ${what}${items.length === 1 ? "" : "s"}${named}`;
}
