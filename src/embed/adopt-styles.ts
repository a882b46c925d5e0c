/** Adds constructable style sheets, so that no content policy has to allow inline style. */
export function adoptStyles(root: ShadowRoot, texts: readonly string[]): void {
  const sheets = texts.map((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    return sheet;
  });
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, ...sheets];
}
