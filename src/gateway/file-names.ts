import { FILE_NAME_MAX } from "../protocol/limits.ts";

/** Control and format characters (zero-width and bidirectional ones among them), separators, halves of pairs. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const FALLBACK = "file";
const EXTENSION_MAX = 16;

/**
 * A file's name as it may be shown and handed to others: one line of visible characters in NFC, without a path, at most
 * `FILE_NAME_MAX` characters with the extension kept. Cleaning a clean name changes nothing.
 */
export function cleanFileName(name: string): string {
  let clean = name;
  // What one step takes away may bring together what another has to see again. Each round shortens, so it ends.
  for (;;) {
    const next = pass(clean);
    if (next === clean) return clean;
    clean = next;
  }
}

function pass(name: string): string {
  const visible = name.replaceAll(invisible, "").normalize("NFC");
  const last = visible.slice(Math.max(visible.lastIndexOf("/"), visible.lastIndexOf("\\")) + 1);
  const tidy = last
    .replaceAll(/\s+/gu, " ")
    .replace(/^[\s.]+/u, "")
    .replace(/[\s.]+$/u, "");
  return shorten(tidy) || FALLBACK;
}

function shorten(name: string): string {
  const characters = Array.from(name);
  if (characters.length <= FILE_NAME_MAX) return name;
  const dot = characters.lastIndexOf(".");
  const extension = dot > 0 && characters.length - dot <= EXTENSION_MAX ? characters.slice(dot) : [];
  return [...characters.slice(0, FILE_NAME_MAX - extension.length), ...extension].join("");
}

/** RFC 6266, with the name in ASCII for old programs and in UTF-8 (RFC 8187) for the others. */
export function attachmentDisposition(name: string): string {
  const clean = cleanFileName(name);
  const ascii = clean.replaceAll(/[^\x20-\x7e]|["\\%]/gu, "_");
  const utf8 = encodeURIComponent(clean).replaceAll(
    /['()*]/g,
    (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${utf8}`;
}
