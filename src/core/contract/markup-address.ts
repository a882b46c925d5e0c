const start = /https?:\/\//y;
const stops = /[\s<>"`\\]/;
const pairs: Readonly<Record<string, string>> = { ")": "(", "]": "[" };
/** Characters that end the sentence, the quotation or the mark around an address, but not the address. */
const trailing = /[.,;:!?'*_~([«»“”„‘’…]+$/;
const longest = 2000;

export interface Address {
  readonly text: string;
  readonly href: string;
}

/** The http(s) address that begins here. Balanced brackets belong to it. */
export function addressAt(line: string, at: number): Address | undefined {
  start.lastIndex = at;
  if (!start.test(line) || /\w/.test(line[at - 1] ?? "")) return undefined;
  const open: string[] = [];
  let end = at;
  for (; end < line.length && end - at < longest; end += 1) {
    const char = line[end] ?? "";
    if (stops.test(char)) break;
    if (char === "(" || char === "[") open.push(char);
    else if (char in pairs && open.pop() !== pairs[char]) break;
  }
  const text = line.slice(at, end).replace(trailing, "");
  return URL.canParse(text) ? { text, href: new URL(text).href } : undefined;
}
