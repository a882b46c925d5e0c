import { longestRun, type Piece, writeLine } from "./markup-line.ts";

/** Puts lines of the small Markdown subset together. */
export interface MarkupWriter {
  add(piece: Piece): void;
  /** What comes next begins on a new line (1), or after an empty one (2). */
  block(lines: 1 | 2): void;
  /** One more line, as `<br>` asks for it. */
  lineBreak(): void;
  /** Begins a list's item, inside of the item that is open. Right after it no block breaks the line. */
  openItem(marker: string): void;
  closeItem(): void;
  /** Begins a table's row: right below the one before it, if `tight`. */
  row(tight: boolean): void;
  /** Begins a cell. Right after it no block breaks the line. */
  cell(): void;
  /** Lines as they are, between fences. */
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
  /** Whether the line has nothing yet. */
  let fresh = true;
  /** Whether nothing has come since an item or a cell began. */
  let held = false;
  /** Whether the row has anything yet. */
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

  /** Breaks that were asked for happen once something comes after them. */
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
      // Items stay together: an empty line might begin another list.
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
      // The quote ends the list that is above it.
      for (const item of items) if (item.written) item.marker = "";
      quoted = on;
    },
    end() {
      flush();
      return lines.join("\n").replaceAll(/^\n+|\n+$/g, "");
    },
  };
}
