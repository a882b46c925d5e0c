/** A run of `*` or `_` that may be a mark. The rest of `count` becomes text. */
export interface Mark {
  readonly type: "mark";
  readonly char: "*" | "_";
  count: number;
  readonly canOpen: boolean;
  readonly canClose: boolean;
  /** The marks that it closes, from the inside out, and those that it opens. */
  readonly closes: Look[];
  readonly opens: Look[];
  /** The nesting depth of marks between it and the open ones. */
  depth: number;
}

export type Look = "strong" | "emphasis";

/** Each level costs the screen a nested call. */
const maxDepth = 8;
const longest = { "*": 3, _: 1 } as const;
const letter = /[\p{L}\p{N}]/u;
/** Scripts without spaces between words. */
const unspaced = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]/u;

/** Whether it is within a word: marks are outside of words, so that "2*3*4" and "file_name_here" stay unchanged. */
export function isWord(char: string | undefined): boolean {
  return char !== undefined && letter.test(char) && !unspaced.test(char);
}

const isSpace = (char: string | undefined) => char === undefined || /\s/.test(char);

/** Undefined for a run that cannot be a mark, such as `__`. */
export function markAt(line: string, at: number): Mark | undefined {
  const char = line[at];
  if (char !== "*" && char !== "_") return undefined;
  let end = at + 1;
  while (line[end] === char) end += 1;
  const [before, after] = [line[at - 1], line[end]];
  if (end - at > longest[char]) return undefined;
  const canOpen = !isWord(before) && !isSpace(after);
  const canClose = !isWord(after) && !isSpace(before);
  if (!canOpen && !canClose) return undefined;
  return { type: "mark", char, count: end - at, canOpen, canClose, closes: [], opens: [], depth: 0 };
}

/** Matches marks as CommonMark does: https://spec.commonmark.org/0.31.2/#phase-2-inline-structure */
export function pairMarks(marks: readonly Mark[]): void {
  const open: Mark[] = [];
  /** Below these positions no mark of the character is open. */
  const floor = { "*": 0, _: 0 };

  function lower() {
    floor["*"] = Math.min(floor["*"], open.length);
    floor._ = Math.min(floor._, open.length);
  }
  function close(mark: Mark): boolean {
    let place = open.length - 1;
    while (place >= floor[mark.char] && open[place]?.char !== mark.char) place -= 1;
    const opener = place >= floor[mark.char] ? open[place] : undefined;
    const inner = opener ? open.slice(place) : [];
    const depth = 1 + inner.reduce((most, each) => Math.max(most, each.depth), 0);
    if (opener === undefined || depth > maxDepth) {
      floor[mark.char] = open.length;
      return false;
    }
    const used = Math.min(opener.count, mark.count, 2);
    const look = used === 2 ? "strong" : "emphasis";
    opener.opens.push(look);
    mark.closes.push(look);
    opener.count -= used;
    mark.count -= used;
    opener.depth = depth;
    open.length = opener.count > 0 ? place + 1 : place;
    const around = open.at(-1);
    if (around) around.depth = Math.max(around.depth, depth);
    lower();
    return mark.count > 0;
  }

  for (const mark of marks) {
    while (mark.canClose && close(mark));
    if (mark.canOpen && mark.count > 0) open.push(mark);
  }
}
