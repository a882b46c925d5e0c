import { writeLine, type Piece } from "./markup-line.ts";

/** Puts lines of the small Markdown subset together. */
export interface MarkupWriter {
  add(piece: Piece): void;
  /** What comes next begins on a new line (1), or after an empty one (2). */
  block(lines: 1 | 2): void;
  /** One more line, as `<br>` asks for it. */
  lineBreak(): void;
  /** Begins a list's item. Right after it no block breaks the line. */
  item(marker: string): void;
  /** Begins a table's row: right below the one before it, if `tight`. */
  row(tight: boolean): void;
  /** Begins a cell. Right after it no block breaks the line. */
  cell(): void;
  /** Lines as they are, between fences. */
  code(text: string): void;
  /** While it is on, lines are quoted. */
  quote(on: boolean): void;
  /** While it is on, a line holds together. */
  oneLine(on: boolean): void;
  end(): string;
}

export function createMarkupWriter(): MarkupWriter {
  const lines: string[] = [];
  let pieces: Piece[] = [];
  let marker = "";
  let breaks = 0;
  /** Whether the line has nothing yet. */
  let fresh = true;
  /** Whether nothing has come since an item or a cell began. */
  let held = false;
  /** Whether the row has anything yet. */
  let filled = false;
  let quoted = false;
  let lastQuoted = false;
  let together = false;

  function put(line: string): void {
    lines.push(quoted ? `> ${line}`.trimEnd() : line);
    lastQuoted = quoted;
  }

  function flush(): void {
    const line = marker + writeLine(pieces);
    if (line.trim() !== "") put(line);
    pieces = [];
    marker = "";
    fresh = true;
  }

  /** Breaks that were asked for happen once something comes after them. */
  function settle(): void {
    if (breaks === 0) return;
    if (together && !fresh) {
      pieces.push({ look: "text", text: " " });
    } else {
      flush();
      if (breaks > 1 && lines.length > 0 && lines.at(-1) !== "" && lines.at(-1) !== ">") {
        lines.push(quoted && lastQuoted ? ">" : "");
      }
    }
    breaks = 0;
  }

  return {
    add(piece) {
      const blank = piece.look !== "picture" && piece.text.trim() === "";
      if (blank && (fresh || breaks > 0)) return;
      settle();
      pieces.push(fresh && piece.look !== "picture" ? { ...piece, text: piece.text.trimStart() } : piece);
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
    item(text) {
      const before = breaks;
      breaks = 0;
      flush();
      if (before > 1 && lines.length > 0 && lines.at(-1) !== "") lines.push(quoted && lastQuoted ? ">" : "");
      marker = text;
      held = true;
    },
    row(tight) {
      if (tight) breaks = Math.min(breaks, 1);
      filled = false;
    },
    cell() {
      held = true;
      if (!filled) return;
      breaks = 0;
      pieces.push({ look: "text", text: " | " });
    },
    code(text) {
      breaks = 2;
      const wasTogether = together;
      together = false;
      settle();
      together = wasTogether;
      put("```");
      // A fence of its own would end the block.
      for (const line of text.split("\n")) put(line.startsWith("```") ? `\u2060${line}` : line);
      put("```");
      breaks = 2;
    },
    quote(on) {
      if (quoted === on) return;
      breaks = 0;
      flush();
      if (lines.length > 0 && lines.at(-1) !== "") lines.push("");
      quoted = on;
    },
    oneLine(on) {
      together = on;
    },
    end() {
      flush();
      return lines.join("\n").trim();
    },
  };
}
