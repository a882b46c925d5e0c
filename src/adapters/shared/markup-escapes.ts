import { addressAt } from "../../core/contract/markup-address.ts";
import { isEscapable } from "../../core/contract/markup-escape.ts";
import { isWord, markAt } from "../../core/contract/markup-marks.ts";

interface Beside {
  /** The characters of the source right before and after the text. */
  readonly before?: string;
  readonly after?: string;
  /** What is seen after the mark that `after` begins: an address would run on into it. */
  readonly behind?: string;
  /** There are marks on the same line: what may be taken for a part of them is escaped too. */
  readonly mixed?: boolean;
}

/** Text of one line, so that the subset reads it as it is. What can't be taken for markup stays as it is. */
export function escapeText(text: string, beside: Beside = {}): string {
  const { before = "", after = "", mixed = false } = beside;
  const line = before + text;
  const written: string[] = [];
  for (let at = before.length; at < line.length;) {
    const part = addressPart(line, at, beside) ?? partAt(line, at, after, mixed);
    written.push(part.replaced ?? part.raw);
    at += part.raw.length;
  }
  return written.join("");
}

interface Part {
  readonly raw: string;
  readonly replaced?: string;
}

const toTheEnd = /https?:\/\/[^\s<>"`\\]*$/y;

/** An address is read as one, whatever is in it; one that would run on into what follows is none. */
function addressPart(line: string, at: number, { after = "", behind = "" }: Beside): Part | undefined {
  if (line[at] !== "h") return undefined;
  toTheEnd.lastIndex = at;
  const [rest = ""] = (after !== "" && toTheEnd.exec(line)) || [];
  if (rest !== "" && (behind === "]" ? /[([]/.test(rest) : /\S/.test(behind))) {
    const raw = rest.slice(0, rest.indexOf(":") + 1);
    return { raw, replaced: `${raw.slice(0, -1)}\\:` };
  }
  const raw = addressAt(line, at)?.text;
  return raw === undefined ? undefined : { raw };
}

function partAt(line: string, at: number, after: string, mixed: boolean): Part {
  const char = line[at] ?? "";
  const next = line[at + 1] ?? after;
  if (char === "\\") return backslashes(line, at, after);
  if (char === "`") return escaped(char);
  if (char === "*" || char === "_") return signs(line, at, mixed);
  if (char === "[" || char === "]") return mixed || next === "(" ? escaped(char) : { raw: char };
  if (char === "!" && at + 1 === line.length && after === "[") return escaped(char);
  return { raw: char };
}

const escaped = (raw: string): Part => ({ raw, replaced: raw.replaceAll(/./g, "\\$&") });

function backslashes(line: string, at: number, after: string): Part {
  let end = at + 1;
  while (line[end] === "\\") end += 1;
  const raw = line.slice(at, end);
  return isEscapable(line[end] ?? after) ? { raw, replaced: raw + raw } : { raw };
}

function signs(line: string, at: number, mixed: boolean): Part {
  let end = at + 1;
  while (line[end] === line[at]) end += 1;
  const raw = line.slice(at, end);
  const within = isWord(line[at - 1]) && isWord(line[end]);
  return mixed ? (within ? { raw } : escaped(raw)) : markAt(line, at) ? escaped(raw) : { raw };
}

/** A line that begins like a quote, an item or a fence, and is none. */
export function escapeLineStart(line: string): string {
  return line
    .replace(/^>/, "\\>")
    .replace(/^[-*] /, "\\$&")
    .replace(/^(\d{1,3})([.)] )/, "$1\\$2");
}
