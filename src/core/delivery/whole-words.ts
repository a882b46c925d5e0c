/** Whether `words` stand in `text` as words of their own: "no" is not in "I do not know". Nothing is in every text. */
export const hasWords = (words: string, text: string) => words.trim() === "" || placeOfWords(words.trim(), text) >= 0;

/** Where `words` stand in `text` between white space or its ends; -1 when they don't. */
export function placeOfWords(words: string, text: string): number {
  const isApart = (character: string | undefined) => character === undefined || /\s/.test(character);
  if (words === "") return -1;
  for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1)) {
    if (isApart(text[at - 1]) && isApart(text[at + words.length])) return at;
  }
  return -1;
}
