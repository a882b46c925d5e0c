import { addressAt } from "../../core/contract/markup-address.ts";
import { parentheses } from "../../core/contract/markup-escape.ts";
import { isWord } from "../../core/contract/markup-marks.ts";
import { escapeLineStart, escapeText } from "./escapes.ts";

/** A run of text with one format. A picture is a run of its own; its text is the alternative text. */
export interface Piece {
  readonly text: string;
  readonly strong?: boolean;
  readonly emphasis?: boolean;
  readonly code?: boolean;
  /** Absolute, with an allowed scheme. */
  readonly href?: string | undefined;
  /** Of a picture: its attachment's id. */
  readonly id?: string;
}

const maxTarget = 1990;
/** From the outside in. */
const layers = ["href", "strong", "emphasis"] as const;
type Layer = (typeof layers)[number];

/** Writes the runs as one line of the Markdown subset; text is escaped. */
export function writeLine(pieces: readonly Piece[]): string {
  const line = merged(pieces.flatMap(withSpaceOutside).map(spaceBetween));
  const source = createSource(line.some((piece) => isMarked(piece)));
  writeLayers(line, layers, source, { before: "", after: "" });
  return escapeLineStart(source.end().replaceAll(/^ +| +$/g, ""));
}

function isMarked({ code = false, emphasis = false, href, id, strong = false }: Piece): boolean {
  return code || emphasis || strong || href !== undefined || id !== undefined;
}

/** A mark begins and ends at a word: surrounding space is not marked. */
function withSpaceOutside(piece: Piece): readonly Piece[] {
  if (!isMarked(piece) || piece.id !== undefined) return [piece];
  const [, before = "", text = "", after = ""] = /^(\s*)([\s\S]*?)(\s*)$/.exec(piece.text) ?? [];
  return [{ text: before }, { ...piece, text }, { text: after }].filter((each) => each.text !== "");
}

/** Space between two runs with the same format gets that format. */
function spaceBetween(piece: Piece, index: number, pieces: readonly Piece[]): Piece {
  const [before, after] = [pieces[index - 1], pieces[index + 1]];
  if (piece.text.trim() !== "" || piece.code || !before || !after) return piece;
  if (before.href !== after.href || !before.strong !== !after.strong) return piece;
  return {
    ...piece,
    ...(before.strong ? { strong: true } : {}),
    ...(before.emphasis && after.emphasis ? { emphasis: true } : {}),
    ...(before.href === undefined ? {} : { href: before.href }),
  };
}

/** Merges neighbouring runs with the same format, and repeated spaces. */
function merged(pieces: readonly Piece[]): readonly Piece[] {
  const groups: { readonly piece: Piece; readonly texts: string[] }[] = [];
  let spaced = false;
  for (const piece of pieces) {
    const text: string = spaced && !piece.code ? piece.text.replace(/^ +/, "") : piece.text;
    if (text === "" && piece.id === undefined) continue;
    spaced = text.endsWith(" ") && !piece.code;
    const last = groups.at(-1);
    const alike = piece.id === undefined && last !== undefined && looksLike(last.piece, piece);
    if (last && alike) last.texts.push(text);
    else groups.push({ piece, texts: [text] });
  }
  return groups.map(({ piece, texts }) => ({ ...piece, text: texts.join("") }));
}

function looksLike(one: Piece, other: Piece): boolean {
  return (
    !one.code === !other.code &&
    !one.emphasis === !other.emphasis &&
    !one.strong === !other.strong &&
    one.href === other.href &&
    one.id === other.id
  );
}

/**
 * Written from left to right. Text is kept back until the following characters are known, which decide what has to be
 * escaped.
 */
function createSource(mixed: boolean) {
  const written: string[] = [];
  let text = "";
  let last = "";
  let endsWithMark = false;

  function flush(after: string, behind: string) {
    if (text !== "") written.push(escapeText(text, { before: last, after, behind, mixed }));
    last = text.at(-1) ?? last;
    text = "";
  }
  const source = {
    text(more: string) {
      text += more;
      endsWithMark = false;
    },
    /** `behind` is the character after a mark that ends something. */
    open(sign: string, behind = sign) {
      flush(sign[0] ?? "", behind);
      written.push(sign);
      last = sign.at(-1) ?? last;
      endsWithMark = false;
    },
    close(sign: string, behind: string) {
      source.open(sign, behind);
      endsWithMark = true;
    },
    /** Directly after a closing mark, an opening one would be read as part of it. */
    get endsWithMark() {
      return endsWithMark;
    },
    end() {
      flush("", "");
      return written.join("");
    },
  };
  return source;
}
type Source = ReturnType<typeof createSource>;

/** The visible characters next to it; none at the edge of the surrounding mark. */
interface Around {
  readonly before: string;
  readonly after: string;
}

function writeLayers(
  pieces: readonly Piece[],
  [layer, ...inner]: readonly Layer[],
  source: Source,
  around: Around,
): void {
  const groups = layer ? groupsOf(pieces, layer) : pieces.map((piece) => [piece]);
  for (const [index, group] of groups.entries()) {
    const here = {
      before: groups[index - 1]?.at(-1)?.text.at(-1) ?? around.before,
      after: groups[index + 1]?.[0]?.text[0] ?? around.after,
    };
    if (layer) writeGroup(group, layer, inner, source, here);
    else for (const piece of group) writePiece(piece, source);
  }
}

function groupsOf(pieces: readonly Piece[], layer: Layer): readonly (readonly Piece[])[] {
  const groups: Piece[][] = [];
  for (const piece of pieces) {
    const last = groups.at(-1);
    if (last?.[0] && (last[0][layer] || undefined) === (piece[layer] || undefined)) last.push(piece);
    else groups.push([piece]);
  }
  return groups;
}

function writeGroup(
  group: readonly Piece[],
  layer: Layer,
  inner: readonly Layer[],
  source: Source,
  around: Around,
): void {
  const value = group[0]?.[layer];
  if (typeof value === "string") {
    writeLink(group, value, inner, source, around);
    return;
  }
  const sign = layer === "strong" ? "**" : group[0]?.strong ? "_" : "*";
  // Within a word, or directly after another mark, it would not be recognised: then the mark is omitted.
  const clear = !isWord(around.before) && !isWord(around.after) && !source.endsWithMark;
  if (!value || !clear) {
    writeLayers(group, inner, source, around);
    return;
  }
  source.open(sign);
  writeLayers(group, inner, source, around);
  source.close(sign, around.after);
}

function writeLink(
  group: readonly Piece[],
  href: string,
  inner: readonly Layer[],
  source: Source,
  { before, after }: Around,
): void {
  const words = group.map(({ text }) => text).join("");
  const isPlain = group.every(({ code, emphasis, strong }) => !code && !emphasis && !strong);
  const address = addressAt(words, 0);
  const isBare = address?.text === words && address.href === href && !/\w/.test(before) && !/\S/.test(after);
  if (isPlain && isBare) {
    source.text(words);
    return;
  }
  const isBalanced = parentheses(`(${href})`)(0) === href.length + 1;
  const target = isBalanced ? href : href.replaceAll(/[()]/g, "\\$&");
  if (target.length > maxTarget) {
    writeLayers(group, inner, source, { before, after });
    return;
  }
  source.open("[");
  writeLayers(group, inner, source, { before: "", after: "]" });
  source.close(`](${target})`, "]");
}

function writePiece({ code, id, text }: Piece, source: Source): void {
  if (id !== undefined) {
    source.open("![");
    source.text(text.trim());
    source.close(`](attachment:${id})`, "]");
  } else if (code && text !== "" && !source.endsWithMark) {
    const ticks = "`".repeat(longestRun(text) + 1);
    const padded = /^`|`$|^ .* $/.test(text) && text.trim() !== "" ? ` ${text} ` : text;
    source.close(ticks + padded + ticks, "");
  } else {
    source.text(text);
  }
}

/** Of backquotes. */
export function longestRun(text: string): number {
  return Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
}
