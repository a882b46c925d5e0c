/** For searching: "Naročila" is found by "narocila". */
export function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** The words of a search, folded, each once: what is found has all of them, wherever they stand. */
export function searchWords(search: string | undefined): readonly string[] {
  return [...new Set(fold(search ?? "").split(/[\s\p{C}]+/u))].filter((word) => word !== "");
}
