import { longestRun, type Piece, writeLine } from "./line.ts";

/** Builds lines of the Markdown subset. */
export interface MarkupWriter {
  add(piece: Piece): void;
  /** The next text begins on a new line (1), or after an empty one (2). */
  block(lines: 1 | 2): void;
  /** A line break, as for `<br>`. */
  lineBreak(): void;
  /** Begins a list's item, inside the open item. Directly after it no block breaks the line. */
  openItem(marker: string): void;
  closeItem(): void;
  /** Begins a table's row: directly below the previous one, if `tight`. */
  row(tight: boolean): void;
  /** Begins a cell. Directly after it no block breaks the line. */
  cell(): void;
  /** Lines without escaping, between fences. */
  code(text: string, language?: string): void;
  /** While it is on, lines are quoted. */
  quote(on: boolean): void;
  end(): string;
}

export function createMarkupWriter(): MarkupWriter {
  const lines: string[] = [];
  const items: { marker: string; written: boolean }[] = [];
  let pieces: Piece[] = [];
  let breaks = 0;
  /** Whether the line is empty. */
  let fresh = true;
  /** Whether an item or a cell has just begun. */
  let held = false;
  /** Whether the row has content. */
  let filled = false;
  let quoted = false;
  let lastQuoted = false;

  function put(line: string): void {
    const indent = items.map((item) => (item.written ? " ".repeat(item.marker.length) : item.marker)).join("");
    for (const item of items) item.written = true;
    const start = (quoted ? "> " : "") + indent;
    lines.push(line === "" ? start.trimEnd() : start + line);
    lastQuoted = quoted;
  }

  function putEmpty(): void {
    if (lines.length > 0 && !/^>?$/.test(lines.at(-1) ?? "")) lines.push(quoted && lastQuoted ? ">" : "");
  }

  function flush(): void {
    const line = writeLine(pieces);
    if (line.trim() !== "") put(line);
    pieces = [];
    fresh = true;
  }

  /** Requested breaks are written before the next text. */
  function settle(): void {
    if (breaks === 0) return;
    flush();
    if (breaks > 1) putEmpty();
    breaks = 0;
  }

  return {
    add(piece) {
      const blank = piece.id === undefined && piece.text.trim() === "";
      if (blank && (fresh || breaks > 0)) return;
      settle();
      pieces.push(fresh && piece.id === undefined ? { ...piece, text: piece.text.replace(/^ +/, "") } : piece);
      fresh = false;
      held = false;
      filled = true;
    },
    block(wanted) {
      if (!held) breaks = Math.max(breaks, wanted);
    },
    lineBreak() {
      breaks += 1;
    },
    openItem(marker) {
      settle();
      flush();
      items.push({ marker, written: false });
      held = true;
    },
    closeItem() {
      flush();
      items.pop();
      held = false;
      // Items are written without an empty line, which might begin another list.
      breaks = 1;
    },
    row(tight) {
      if (tight) breaks = Math.min(breaks, 1);
      filled = false;
    },
    cell() {
      held = true;
      if (!filled) return;
      breaks = 0;
      pieces.push({ text: " | " });
    },
    code(text, language = "") {
      breaks = 2;
      if (!held) settle();
      breaks = 0;
      flush();
      const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
      put(fence + language);
      for (const line of text.split("\n")) put(line);
      put(fence);
      breaks = 2;
      held = false;
    },
    quote(on) {
      if (quoted === on) return;
      breaks = 0;
      flush();
      if (lines.length > 0 && lines.at(-1) !== "") lines.push("");
      // The quote ends the list above it.
      for (const item of items) if (item.written) item.marker = "";
      quoted = on;
    },
    end() {
      flush();
      return lines.join("\n").replaceAll(/^\n+|\n+$/g, "");
    },
  };
}
