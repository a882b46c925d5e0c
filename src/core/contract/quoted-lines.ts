/**
 * Whether a line of plain text is quoted, as in a mail: its neighbour is too, or the line above introduces it. A single
 * line such as "> 5 is too much" is not.
 */
export function isQuotedLine(lines: readonly string[], index: number): boolean {
  if (!lines[index]?.startsWith(">")) return false;
  const [before = "", after = ""] = [lines[index - 1], lines[index + 1]];
  return before.startsWith(">") || after.startsWith(">") || /\S:\s*$/.test(before);
}
