// Unicode's own categories for what no reader sees: control, format (zero width, bidirectional) and separators.
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const longest = 200;

/** A file's name to show: no folders, nothing invisible, never empty. What is too long loses its beginning. */
export function displayName(name: string): string {
  const clean = name.normalize("NFC").replace(unseen, "");
  const last = clean.split(/[/\\]/).at(-1)?.trim() ?? "";
  return Array.from(last).slice(-longest).join("") || "file";
}
