import { fileNameLimit } from "./limits.ts";

/** Control and format characters (including zero-width and bidirectional ones), separators, lone surrogates. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
/** https://learn.microsoft.com/windows/win32/fileio/naming-a-file: no file can have the name of a device. */
const device = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/iu;
const fallback = "file";
const longestExtension = 16;

/**
 * A file's name that is safe to show and pass on: one line of visible characters in NFC, without a path, at most
 * `fileNameLimit` characters with the extension kept. Idempotent.
 */
export function cleanFileName(name: string): string {
  let clean = name;
  // Removing characters in one step may create a match for an earlier one.
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
  return shorten(tidy.replace(device, "_$&")) || fallback;
}

function shorten(name: string): string {
  const characters = Array.from(name);
  if (characters.length <= fileNameLimit) return name;
  const dot = characters.lastIndexOf(".");
  const extension = dot > 0 && characters.length - dot <= longestExtension ? characters.slice(dot) : [];
  return [...characters.slice(0, fileNameLimit - extension.length), ...extension].join("");
}
