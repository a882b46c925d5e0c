import type { MessageStructureObject } from "imapflow";
import { simpleParser } from "mailparser";
import { cleanFileName } from "../../core/contract/file-name.ts";

/** From a mail's structure: the parts that are its text, and the files. */
export interface Parts {
  readonly words: readonly Part[];
  readonly files: readonly Part[];
}

export interface Part {
  /** Such as "1.2". */
  readonly number: string;
  readonly type: string;
  readonly encoding: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly name: string;
  /** The stored size: larger for base64. */
  readonly size: number;
  /** If the whole mail is read: its boundary, if any. */
  readonly boundary?: string;
  /** As HTML names it, such as "cid:part1@example.org". */
  readonly cid: string | undefined;
}

/** Of a mail's text; the rest of a longer one is not read. */
export const WORDS_BYTES = 512 * 1024;
const DEPTH_MOST = 20;
const WORDS_MOST = 20;
const FILES_MOST = 100;

export function partsOf(structure: MessageStructureObject): Parts {
  const words: Part[] = [];
  const files: Part[] = [];
  walk(structure, 0);
  const [only] = words;
  // If the server does not find the parts of a multipart mail, it reports an empty one: then the whole mail is read.
  const isLost =
    structure.type.startsWith("multipart/") && words.length === 1 && files.length === 0 && only?.size === 0;
  return isLost && only
    ? { words: [{ ...only, number: "TEXT", boundary: boundaryOf(structure) }], files }
    : { words, files };

  function walk(node: MessageStructureObject, depth: number): void {
    const { type, childNodes = [] } = node;
    if (depth > DEPTH_MOST) return;
    if (type === "multipart/alternative") return alternative(childNodes, depth);
    // A mail inside a mail has parts of its own, which are not the text of this one.
    if (type.startsWith("multipart/") && childNodes.length > 0) {
      for (const child of childNodes) walk(child, depth + 1);
      return;
    }
    // In some multipart mails a server finds no parts: they are read whole.
    const part = partOf(type.startsWith("multipart/") ? { ...node, type: "text/plain" } : node);
    const [list, most] = isWords(part, node) ? [words, WORDS_MOST] : [files, FILES_MOST];
    if (list.length < most) list.push(part);
  }

  /** Alternatives: HTML has the most information. A part that is no text, such as an invitation, is a file. */
  function alternative(nodes: readonly MessageStructureObject[], depth: number): void {
    const texts = nodes.filter((node) => hasText(node, /^text\/(?:plain|html)$/));
    const best = texts.findLast((node) => hasText(node, /^text\/html$/)) ?? texts.at(-1);
    for (const node of nodes) if (node === best || !texts.includes(node)) walk(node, depth + 1);
  }
}

function isWords({ type }: Part, { disposition, dispositionParameters, parameters }: MessageStructureObject): boolean {
  const isNamed = Boolean(dispositionParameters?.["filename"] ?? parameters?.["name"]);
  return /^text\/(?:plain|html)$/.test(type) && !isNamed && disposition !== "attachment";
}

function boundaryOf({ parameters }: MessageStructureObject): string {
  return `--${parameters?.["boundary"] ?? ""}`;
}

function hasText({ type, childNodes = [] }: MessageStructureObject, kind: RegExp): boolean {
  return kind.test(type) || (type.startsWith("multipart/") && childNodes.some((child) => hasText(child, kind)));
}

function partOf(node: MessageStructureObject): Part {
  const { part, type, parameters = {}, dispositionParameters = {}, encoding = "7bit", size = 0, id } = node;
  const given = dispositionParameters["filename"] ?? parameters["name"];
  const unnamed = type === "message/rfc822" ? `${node.envelope?.subject ?? "message"}.eml` : "file";
  return {
    number: part ?? "1",
    type,
    encoding,
    parameters,
    name: cleanFileName(given ?? unnamed),
    size,
    cid: id === undefined ? undefined : `cid:${id.replace(/^<|>$/g, "")}`,
  };
}

/** The file's size, estimated from its encoding: for base64 in lines of 76, to within two bytes. */
export function bytesOf({ encoding, size }: Part): number {
  return encoding.toLowerCase() === "base64" ? Math.floor((size / 78) * 57) : size;
}

/** A part's text, decoded from any encoding and charset. */
export async function textOf({ type, encoding, parameters, boundary }: Part, content: Buffer): Promise<string> {
  if (boundary !== undefined && content.includes(boundary)) return "";
  const { charset = "", format = "", delsp = "" } = parameters;
  const isTold = charset !== "" && !/^(?:us-ascii|ascii|unknown-8bit|x-unknown)$/i.test(charset);
  const read = async (name: string): Promise<string> => {
    const given = Object.entries({ charset: name, format, delsp }).filter(([, value]) => /^[\w.:-]+$/.test(value));
    const head = [type, ...given.map(([key, value]) => `${key}=${value}`)].join("; ");
    const source = `Content-Type: ${head}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`;
    const mail = await simpleParser(Buffer.concat([Buffer.from(source), content]), {
      skipHtmlToText: true,
      skipTextToHtml: true,
      skipImageLinks: true,
      skipTextLinks: true,
    });
    return (type === "text/html" ? mail.html || "" : (mail.text ?? "")).replaceAll("\r\n", "\n");
  };
  const text = await read(isTold ? charset : "utf-8");
  return isTold || !text.includes("\uFFFD") ? text : await read("windows-1252");
}
