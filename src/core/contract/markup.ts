/**
 * The small Markdown subset of message bodies, as a tree for the screen: paragraphs, line breaks, lists, quotes, code,
 * strong, emphasis, links. One pass over the text and no backtracking, so that its time grows with the length alone;
 * what is not of the subset stays the text that it is. Links are http(s) and mailto only; a picture is one of the
 * message's attachments, since one from elsewhere would tell its server who reads it: that one is a link.
 */
export type Block =
  | { readonly type: "paragraph"; readonly lines: readonly (readonly Inline[])[] }
  | { readonly type: "quote"; readonly lines: readonly (readonly Inline[])[] }
  | { readonly type: "list"; readonly ordered: boolean; readonly items: readonly (readonly Inline[])[] }
  | { readonly type: "code"; readonly text: string };

export type Inline =
  | { readonly type: "text" | "strong" | "emphasis" | "code"; readonly text: string }
  | { readonly type: "link"; readonly text: string; readonly href: string }
  /** A picture that stands among the message's own attachments: `![text](attachment:id)`. */
  | { readonly type: "picture"; readonly text: string; readonly attachmentId: string };

const runs = {
  quote: /^> ?(.*)$/,
  bullets: /^[-*] (.*)$/,
  numbers: /^\d{1,3}[.)] (.*)$/,
} as const;
type Run = keyof typeof runs;
type Lines = readonly (readonly Inline[])[];
/** A block, and the line after it. */
type Read = readonly [block: Block, next: number];

export function parseMarkup(text: string): Block[] {
  const blocks: Block[] = [];
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  for (let index = 0; index < lines.length;) {
    if (isBlank(lines[index])) {
      index += 1;
      continue;
    }
    const [block, next] = readBlock(lines, index);
    blocks.push(block);
    index = next;
  }
  return blocks;
}

function readBlock(lines: readonly string[], from: number): Read {
  if (isFence(lines[from])) return readCode(lines, from);
  const run = runAt(lines[from]);
  return run ? readRun(run, lines, from) : readParagraph(lines, from);
}

function readCode(lines: readonly string[], from: number): Read {
  let end = from + 1;
  while (end < lines.length && !isFence(lines[end])) end += 1;
  return [{ type: "code", text: lines.slice(from + 1, end).join("\n") }, end + 1];
}

function readRun(run: Run, lines: readonly string[], from: number): Read {
  let end = from;
  while (end < lines.length && runAt(lines[end]) === run) end += 1;
  const items: Lines = lines.slice(from, end).map((line) => parseInline(runs[run].exec(line)?.[1] ?? ""));
  return [run === "quote" ? { type: "quote", lines: items } : { type: "list", ordered: run === "numbers", items }, end];
}

function readParagraph(lines: readonly string[], from: number): Read {
  let end = from + 1;
  while (end < lines.length && !isBlank(lines[end]) && !isFence(lines[end]) && !runAt(lines[end])) end += 1;
  return [{ type: "paragraph", lines: lines.slice(from, end).map(parseInline) }, end];
}

const isBlank = (line = "") => line.trim() === "";
const isFence = (line = "") => line.startsWith("```");
const runAt = (line = "") => (["quote", "bullets", "numbers"] as const).find((run) => runs[run].test(line));

// A mark opens at the start of a word and closes at the end of one, so that "2*3*4" and "file_name_here" stay as they are.
const inline =
  /`([^`\n]{1,2000})`|(?<![\w*])\*\*(?! )([^*\n]{1,2000})(?<! )\*\*(?![\w*])|(?<![\w*])\*(?! )([^*\n]{1,2000})(?<! )\*(?![\w*])|(?<![\w_])_(?! )([^_\n]{1,2000})(?<! )_(?![\w_])|!?\[([^[\]\n]{0,500})\]\(([^)\s]{1,2000})\)|\bhttps?:\/\/[^\s<>"')\]]{1,2000}/gu;

function parseInline(line: string): Inline[] {
  const parts: Inline[] = [];
  let from = 0;
  const push = (text: string) => text && parts.push({ type: "text", text });
  for (const match of line.matchAll(inline)) {
    const part = inlineOf(match);
    if (!part) continue;
    push(line.slice(from, match.index));
    parts.push(part);
    from = match.index + (part.type === "link" && !match[6] ? part.text.length : match[0].length);
  }
  push(line.slice(from));
  return parts;
}

function inlineOf(match: RegExpMatchArray): Inline | undefined {
  const [whole, code, strong, star, underscore, label, target] = match;
  if (code) return { type: "code", text: code };
  if (strong) return { type: "strong", text: strong };
  const emphasis = star ?? underscore;
  if (emphasis) return { type: "emphasis", text: emphasis };
  const attachmentId = whole.startsWith("!") ? /^attachment:(.+)$/.exec(target ?? "")?.[1] : undefined;
  if (attachmentId) return { type: "picture", text: label ?? "", attachmentId };
  // A full stop after an address ends the sentence, not the address.
  const text = (label || target) ?? whole.replace(/[.,;:!?]+$/, "");
  const href = safeHref(target ?? text);
  return href === undefined ? undefined : { type: "link", text, href };
}

function safeHref(target: string): string | undefined {
  if (!URL.canParse(target)) return undefined;
  const { protocol, href } = new URL(target);
  return ["http:", "https:", "mailto:"].includes(protocol) ? href : undefined;
}
