/** Whether `text` contains `words` as whole words: "no" is not in "I do not know". An empty text is in every text. */
export const hasWords = (words: string, text: string) => words.trim() === "" || placeOfWords(words.trim(), text) >= 0;

/** The position of `words` in `text` between white space or its ends; -1 if absent. */
export function placeOfWords(words: string, text: string): number {
  const isApart = (character: string | undefined) => character === undefined || /\s/.test(character);
  if (words === "") return -1;
  for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1)) {
    if (isApart(text[at - 1]) && isApart(text[at + words.length])) return at;
  }
  return -1;
}
