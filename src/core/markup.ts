/**
 * The small Markdown subset of message bodies, as a tree for the screen: paragraphs, line breaks, lists, quotes, code,
 * strong, emphasis, links. One pass over the text and no backtracking, so that its time grows with the length alone;
 * what is not of the subset stays the text that it is. Links are http(s) and mailto only.
 */
export type Block =
  | { readonly type: "paragraph"; readonly lines: readonly (readonly Inline[])[] }
  | { readonly type: "quote"; readonly lines: readonly (readonly Inline[])[] }
  | { readonly type: "list"; readonly ordered: boolean; readonly items: readonly (readonly Inline[])[] }
  | { readonly type: "code"; readonly text: string };

export type Inline =
  | { readonly type: "text" | "strong" | "emphasis" | "code"; readonly text: string }
  | { readonly type: "link"; readonly text: string; readonly href: string };

const patterns = { quote: /^> ?(.*)$/, bullet: /^[-*] (.*)$/, number: /^\d{1,3}[.)] (.*)$/ };

export function parseMarkup(text: string): Block[] {
  const blocks: Block[] = [];
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  let index = 0;

  function takeWhile(pattern: RegExp): (readonly Inline[])[] {
    const taken: (readonly Inline[])[] = [];
    for (; index < lines.length; index++) {
      const match = pattern.exec(lines[index] ?? "");
      if (!match) break;
      taken.push(parseInline(match[1] ?? ""));
    }
    return taken;
  }

  while (index < lines.length) {
    const line = lines[index] ?? "";
    if (line.startsWith("```")) {
      const first = index + 1;
      do index += 1;
      while (index < lines.length && !lines[index]?.startsWith("```"));
      blocks.push({ type: "code", text: lines.slice(first, index).join("\n") });
      index += 1;
    } else if (patterns.quote.test(line)) blocks.push({ type: "quote", lines: takeWhile(patterns.quote) });
    else if (patterns.bullet.test(line)) blocks.push({ type: "list", ordered: false, items: takeWhile(patterns.bullet) });
    else if (patterns.number.test(line)) blocks.push({ type: "list", ordered: true, items: takeWhile(patterns.number) });
    else if (line.trim() === "") index += 1;
    else {
      const paragraph: (readonly Inline[])[] = [];
      for (; index < lines.length; index++) {
        const next = lines[index] ?? "";
        const other = next.trim() === "" || next.startsWith("```") || Object.values(patterns).some((p) => p.test(next));
        if (other) break;
        paragraph.push(parseInline(next));
      }
      blocks.push({ type: "paragraph", lines: paragraph });
    }
  }
  return blocks;
}

// A mark opens at the start of a word and closes at the end of one, so that "2*3*4" and "file_name_here" stay as they are.
const inline =
  /`([^`\n]{1,2000})`|(?<![\w*])\*\*(?! )([^*\n]{1,2000})(?<! )\*\*(?![\w*])|(?<![\w*])\*(?! )([^*\n]{1,2000})(?<! )\*(?![\w*])|(?<![\w_])_(?! )([^_\n]{1,2000})(?<! )_(?![\w_])|\[([^[\]\n]{1,500})\]\(([^)\s]{1,2000})\)|\bhttps?:\/\/[^\s<>"')\]]{1,2000}/gu;

function parseInline(line: string): Inline[] {
  const parts: Inline[] = [];
  let from = 0;
  const push = (text: string) => text && parts.push({ type: "text", text });
  for (const match of line.matchAll(inline)) {
    const part = inlineOf(match);
    if (!part) continue;
    push(line.slice(from, match.index));
    parts.push(part);
    from = match.index + (part.type === "link" && !match[5] ? part.text.length : match[0].length);
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
  // A full stop after an address ends the sentence, not the address.
  const text = label ?? whole.replace(/[.,;:!?]+$/, "");
  const href = safeHref(target ?? text);
  return href === undefined ? undefined : { type: "link", text, href };
}

function safeHref(target: string): string | undefined {
  if (!URL.canParse(target)) return undefined;
  const { protocol, href } = new URL(target);
  return ["http:", "https:", "mailto:"].includes(protocol) ? href : undefined;
}
