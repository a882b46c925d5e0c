import { addressAt } from "./markup-address.ts";
import { type Mark, markAt, pairMarks } from "./markup-marks.ts";
import { type Escape, escapeAt, parentheses, unescaped } from "./markup-escape.ts";

/** A run of a line. `text` is its plain text; `parts` is set if its format varies. */
export type Inline =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "code"; readonly text: string }
  | { readonly type: "strong" | "emphasis"; readonly text: string; readonly parts?: readonly Inline[] }
  | { readonly type: "link"; readonly text: string; readonly href: string; readonly parts?: readonly Inline[] }
  /** A picture among the message's own attachments: `![text](attachment:id)`. */
  | { readonly type: "picture"; readonly text: string; readonly attachmentId: string };

type Target = { readonly href: string } | { readonly attachmentId: string };

interface Bracket {
  readonly type: "open";
  readonly image: boolean;
  /** The number of marks before it. */
  readonly marks: number;
  /** Set when it turns out to begin a link or a picture. */
  target?: Target;
}

type Token = Inline | Mark | Bracket | { readonly type: "close"; readonly linked: boolean };

const maxTarget = 2000;

/** One pass over the line, and one over its tokens: linear time. A link contains no other link, as in CommonMark. */
export function parseInline(line: string): readonly Inline[] {
  return tree(tokensOf(line));
}

function tokensOf(line: string): readonly Token[] {
  const tokens: Token[] = [];
  const marks: Mark[] = [];
  const brackets: Bracket[] = [];
  /** Brackets below this one can't begin a link: they contain one. */
  let inactive = 0;
  const codeEnds = codeRuns(line);
  const closing = parentheses(line);
  let text = "";
  let at = 0;

  const flush = () => {
    if (text !== "") tokens.push({ type: "text", text });
    text = "";
  };
  const push = (token: Token) => {
    flush();
    tokens.push(token);
  };

  function escape({ literal, length }: Escape) {
    text += literal;
    at += length;
  }
  function code() {
    const run = runLength(line, at);
    const end = codeEnds(run, at + run);
    if (end === undefined) {
      text += line.slice(at, at + run);
      at += run;
      return;
    }
    push({ type: "code", text: withoutPadding(line.slice(at + run, end)) });
    at = end + run;
  }
  function mark() {
    const found = markAt(line, at);
    if (found === undefined) {
      const run = runLength(line, at);
      text += line.slice(at, at + run);
      at += run;
      return;
    }
    marks.push(found);
    push(found);
    at += found.count;
  }
  function open(image: boolean) {
    const bracket: Bracket = { type: "open", image, marks: marks.length };
    brackets.push(bracket);
    push(bracket);
    at += image ? 2 : 1;
  }
  function close() {
    const bracket = brackets.pop();
    const isActive = bracket !== undefined && (bracket.image || brackets.length >= inactive);
    inactive = Math.min(inactive, brackets.length);
    const end = line[at + 1] === "(" ? closing(at + 1) : undefined;
    const raw = end === undefined || end - at > maxTarget ? "" : line.slice(at + 2, end);
    const target = isActive && raw !== "" ? targetOf(unescaped(raw), bracket.image) : undefined;
    if (bracket === undefined || target === undefined || end === undefined) {
      push({ type: "close", linked: false });
      at += 1;
      return;
    }
    bracket.target = target;
    pairMarks(marks.splice(bracket.marks));
    push({ type: "close", linked: true });
    if ("href" in target) inactive = brackets.length;
    at = end + 1;
  }

  while (at < line.length) {
    const char = line[at];
    const escaped = char === "\\" ? escapeAt(line, at) : undefined;
    const address = char === "h" ? addressAt(line, at) : undefined;
    if (escaped) escape(escaped);
    else if (char === "`") code();
    else if (char === "*" || char === "_") mark();
    else if (char === "!" && line[at + 1] === "[") open(true);
    else if (char === "[") open(false);
    else if (char === "]") close();
    else if (address) {
      push({ type: "link", ...address });
      at += address.text.length;
    } else {
      text += char;
      at += 1;
    }
  }
  flush();
  pairMarks(marks);
  return tokens;
}

/** A full stop after an address ends the sentence, so an address must be complete without it. */
function targetOf(target: string, image: boolean): Target | undefined {
  const attachmentId = image ? /^attachment:(.+)$/.exec(target)?.[1] : undefined;
  if (attachmentId !== undefined) return { attachmentId };
  const href = safeHref(target);
  return href === undefined ? undefined : { href };
}

/** Absolute, with a scheme that a member may follow. */
export function safeHref(target: string): string | undefined {
  if (!URL.canParse(target)) return undefined;
  const { protocol, href } = new URL(target);
  return ["http:", "https:", "mailto:"].includes(protocol) ? href : undefined;
}

function runLength(line: string, at: number): number {
  let end = at + 1;
  while (line[end] === line[at]) end += 1;
  return end - at;
}

/** Where the next run of exactly this many backquotes begins. Called from left to right. */
function codeRuns(line: string): (count: number, from: number) => number | undefined {
  const runs = new Map<number, number[]>();
  for (const { 0: run, index } of line.matchAll(/`+/g)) {
    const starts = runs.get(run.length);
    if (starts) starts.push(index);
    else runs.set(run.length, [index]);
  }
  for (const starts of runs.values()) starts.reverse();
  return (count, from) => {
    const starts = runs.get(count) ?? [];
    while ((starts.at(-1) ?? from) < from) starts.pop();
    return starts.at(-1);
  };
}

/** Code that begins or ends with a backquote is padded with a space, which is not part of it. */
function withoutPadding(code: string): string {
  return code.startsWith(" ") && code.endsWith(" ") && code.trim() !== "" ? code.slice(1, -1) : code;
}

function tree(tokens: readonly Token[]): readonly Inline[] {
  const root: Inline[] = [];
  const open: Inline[][] = [root];
  let links = 0;

  const add = (part: Inline) => {
    const parts = open.at(-1) ?? root;
    const last = parts.at(-1);
    const flat: Inline = part.type === "link" && links > 0 ? { type: "text", text: part.text } : part;
    if (flat.type !== "text" || last?.type !== "text") parts.push(flat);
    else parts[parts.length - 1] = { type: "text", text: last.text + flat.text };
  };
  const pop = (finish: (text: string, parts: readonly Inline[]) => Inline) => {
    const parts = open.pop() ?? [];
    add(finish(parts.map(({ text }) => text).join(""), parts));
  };
  const begun: Target[] = [];

  for (const token of tokens) {
    if (token.type === "mark") {
      for (const type of token.closes) pop((text, parts) => ({ type, text, ...inside(parts) }));
      if (token.count > 0) add({ type: "text", text: token.char.repeat(token.count) });
      for (const _ of token.opens) open.push([]);
    } else if (token.type === "open") {
      if (token.target === undefined) {
        add({ type: "text", text: token.image ? "![" : "[" });
      } else {
        begun.push(token.target);
        open.push([]);
        links += 1;
      }
    } else if (token.type === "close") {
      const target = token.linked ? begun.pop() : undefined;
      if (target === undefined) {
        add({ type: "text", text: "]" });
      } else {
        links -= 1;
        pop((text, parts) =>
          "href" in target
            ? { type: "link", text: text || target.href, href: target.href, ...inside(parts) }
            : { type: "picture", text, attachmentId: target.attachmentId },
        );
      }
    } else {
      add(token);
    }
  }
  return root;
}

function inside(parts: readonly Inline[]) {
  return parts.every(({ type }) => type === "text") ? {} : { parts };
}
