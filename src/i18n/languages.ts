import { languageOf, languageTag } from "../core/contract/language-tag.ts";

/** A language's own name, capitalised for a label. */
export function languageName(text: string, inText = text): string {
  const [tag, inLanguage] = [languageTag(text), languageTag(inText)];
  // An invalid tag is shown unchanged.
  if (tag === undefined || inLanguage === undefined) return text;
  const name = new Intl.DisplayNames([inLanguage], { type: "language" }).of(tag) ?? tag;
  return name.charAt(0).toLocaleUpperCase(inLanguage) + name.slice(1);
}

const rightToLeft = new Set(["ar", "fa", "he", "ur", "ps", "sd", "ug", "yi", "dv", "ckb"]);

export function directionOf(tag: string): "ltr" | "rtl" {
  return rightToLeft.has(languageOf(tag)) ? "rtl" : "ltr";
}
