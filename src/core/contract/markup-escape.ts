/**
 * The escape of the small Markdown subset: a backslash before one of its characters makes the character text.
 * Backslashes before anything else are text, so "\\server\share" needs none. Before one of its characters two
 * backslashes are one.
 */
const escapable = new Set("`*_[]()>.!:#-");

export const isEscapable = (char: string | undefined): boolean => char !== undefined && escapable.has(char);

export interface Escape {
  /** The text of the escape. */
  readonly literal: string;
  /** Its length in the source. */
  readonly length: number;
}

/** The text of all backslashes at this position. */
export function escapeAt(line: string, at: number): Escape {
  let end = at;
  while (line[end] === "\\") end += 1;
  const count = end - at;
  const char = line[end];
  if (char === undefined || !isEscapable(char)) return { literal: "\\".repeat(count), length: count };
  const literal = "\\".repeat(Math.floor(count / 2));
  return count % 2 === 0 ? { literal, length: count } : { literal: literal + char, length: count + 1 };
}

export function unescaped(text: string): string {
  let plain = "";
  for (let at = 0; at < text.length;) {
    const { literal, length } = text[at] === "\\" ? escapeAt(text, at) : { literal: text[at] ?? "", length: 1 };
    plain += literal;
    at += length;
  }
  return plain;
}

/** The position of the closing parenthesis before the next space, if any. Computed once, on demand. */
export function parentheses(line: string): (at: number) => number | undefined {
  let ends: ReadonlyMap<number, number> | undefined;
  return (at) => (ends ??= endsOf(line)).get(at);
}

function endsOf(line: string): ReadonlyMap<number, number> {
  const ends = new Map<number, number>();
  let open: number[] = [];
  for (let at = 0; at < line.length;) {
    const char = line[at] ?? "";
    if (char === "(") open.push(at);
    else if (/\s/.test(char)) open = [];
    else if (char === ")") {
      const start = open.pop();
      if (start !== undefined) ends.set(start, at);
    }
    at += char === "\\" ? escapeAt(line, at).length : 1;
  }
  return ends;
}
