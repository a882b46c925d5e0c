import { addressAt } from "../../core/contract/markup-address.ts";
import { isEscapable } from "../../core/contract/markup-escape.ts";
import { isWord, markAt } from "../../core/contract/markup-marks.ts";

interface Beside {
  /** The characters of the source directly before and after the text. */
  readonly before?: string;
  readonly after?: string;
  /** The character after the mark that `after` begins: an address would continue into it. */
  readonly behind?: string;
  /** There are marks on the same line: text that could be part of them is escaped too. */
  readonly mixed?: boolean;
}

/** Escapes a line of text so that the subset reads it unchanged. Text that can't be markup is not escaped. */
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

/** An address is parsed as one, whatever it contains; one that would continue into the following text is not. */
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

/** A line that begins like a quote, an item or a fence, but is none. */
export function escapeLineStart(line: string): string {
  return line
    .replace(/^>/, "\\>")
    .replace(/^[-*] /, "\\$&")
    .replace(/^(\d{1,3})([.)] )/, "$1\\$2");
}
