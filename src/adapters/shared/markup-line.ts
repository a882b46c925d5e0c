/** A stretch of text of one look. A picture stands for itself; its text is what is read in its place. */
export interface Piece {
  readonly text: string;
  readonly look: "text" | "strong" | "emphasis" | "code" | "picture";
  /** Absolute, of a scheme that may be followed. */
  readonly href?: string | undefined;
  /** Of a picture: its attachment's id. */
  readonly id?: string;
}

/** Joins two characters without being seen: it stands where text would be taken for markup. */
const joiner = "\u2060";

// What the subset takes for emphasis and code (src/core/markup.ts), and what text has in the place of such marks.
const marks = [
  { mark: "*", like: "\u2217", pattern: /(?<![\w*])\*{1,2}(?! )[^*\n]{1,2000}(?<! )\*/ },
  { mark: "_", like: "\u02CD", pattern: /(?<![\w_])_(?! )[^_\n]{1,2000}(?<! )_(?![\w_])/ },
  { mark: "`", like: "\u02CB", pattern: /`[^`\n]{1,2000}`/ },
] as const;
const wraps = { strong: "**", emphasis: "*", code: "`" } as const;
const blockStart = /^(?:> ?|[-*] |\d{1,3}[.)] |```)/;

/** The pieces as one line of the small Markdown subset, in which text is text. */
export function writeLine(pieces: readonly Piece[]): string {
  const line = merged(pieces);
  const shown = line.map((piece) => (isPlain(piece) ? piece.text : "\uFFFC")).join("");
  const taken = marks.filter(({ pattern }) => pattern.test(shown));
  // In parts: to look at the end of a text that grows would copy all of it each time.
  const written: string[] = [];
  for (const [index, piece] of line.entries()) {
    const part = isPlain(piece)
      ? taken.reduce((text, { mark, like }) => text.replaceAll(mark, like), piece.text).replaceAll("](", `]${joiner}(`)
      : writePiece(piece, written.at(-1)?.at(-1) ?? "", line[index + 1]?.text[0] ?? "");
    written.push(part);
  }
  const trimmed = written.join("").trim();
  const first = line.find((piece) => piece.text.trim() !== "");
  return first && isPlain(first) && blockStart.test(trimmed) ? joiner + trimmed : trimmed;
}

function isPlain({ href, look }: Piece): boolean {
  return look === "text" && href === undefined;
}

/** One piece for neighbours that look the same, and one space between two. */
function merged(pieces: readonly Piece[]): readonly Piece[] {
  const groups: { readonly piece: Piece; readonly texts: string[] }[] = [];
  let spaced = false;
  for (const piece of pieces) {
    const text: string = spaced ? piece.text.trimStart() : piece.text;
    if (text === "" && piece.look !== "picture") continue;
    spaced = text.endsWith(" ");
    const last = groups.at(-1);
    const alike = piece.look !== "picture" && last?.piece.look === piece.look && last.piece.href === piece.href;
    if (last && alike) last.texts.push(text);
    else groups.push({ piece, texts: [text] });
  }
  return groups.map(({ piece, texts }) => ({ ...piece, text: texts.join("") }));
}

function writePiece({ href, id, look, text }: Piece, before: string, after: string): string {
  const inner = text.trim();
  if (id !== undefined) return `![${label(inner)}](attachment:${id})`;
  if (inner === "") return text;
  // The space around what is marked stands outside of its marks.
  const [lead, tail] = [text.startsWith(" ") ? " " : "", text.endsWith(" ") ? " " : ""];
  const [left, right] = [lead || before, tail || after];
  if (href !== undefined) return lead + writeLink(inner, href, left) + tail;
  return look === "text" || look === "picture" ? text : lead + writeMarked(inner, look, left, right) + tail;
}

function writeMarked(text: string, look: keyof typeof wraps, left: string, right: string): string {
  const wrap = wraps[look];
  // Within a word, or around its own sign, a mark would be none: then the words do without.
  const clear = look === "code" || !/[\w*]/.test(left + right);
  return clear && text.length <= 2000 && !/[*`]/.test(text) ? wrap + text + wrap : text;
}

function writeLink(text: string, href: string, left: string): string {
  const target = href.replaceAll("(", "%28").replaceAll(")", "%29");
  if (target.length > 2000) return text;
  const bare = /^https?:/.test(target) && (text === href || `${text}/` === href);
  if (bare) return target;
  // After an exclamation mark it would be a picture.
  return `${left === "!" ? joiner : ""}[${label(text)}](${target})`;
}

function label(text: string): string {
  return text.slice(0, 500).replaceAll("[", "(").replaceAll("]", ")");
}
