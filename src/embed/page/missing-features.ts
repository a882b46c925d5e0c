/** What the widget can't do without, and browsers have had since spring of 2024 (Chrome 123, Firefox 124, Safari 17.5). */
export function missingFeatures(): readonly string[] {
  const needed: Readonly<Record<string, boolean>> = {
    "constructable style sheets":
      "adoptedStyleSheets" in Document.prototype && "replaceSync" in CSSStyleSheet.prototype,
    "AbortSignal.any": "any" in AbortSignal,
    "Array.prototype.toSorted": "toSorted" in Array.prototype,
    "light-dark() in CSS": CSS.supports("color", "light-dark(#000, #fff)"),
  };
  return Object.keys(needed).filter((name) => !needed[name]);
}
