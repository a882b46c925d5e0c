/** Each has a file in locales/. A test holds the list against the folder. */
export const languages: readonly string[] = ["sl", "en", "de", "ar"];

/** The first wish that there is a language for, or English. */
export function matchLanguage(wishes: readonly string[]): string {
  for (const wish of wishes) {
    const language = wish.toLowerCase().split("-")[0];
    if (language && languages.includes(language)) return language;
  }
  return "en";
}

/** As the language calls itself, with the capital letter that a label has. */
export function languageName(tag: string, inLanguage = tag): string {
  const name = new Intl.DisplayNames([inLanguage], { type: "language" }).of(tag) ?? tag;
  return name.charAt(0).toLocaleUpperCase(inLanguage) + name.slice(1);
}

const rightToLeft = new Set(["ar", "fa", "he", "ur", "ps", "sd", "ug", "yi", "dv", "ckb"]);

export function directionOf(tag: string): "ltr" | "rtl" {
  return rightToLeft.has(tag.split("-")[0] ?? "") ? "rtl" : "ltr";
}
