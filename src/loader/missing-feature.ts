/** What the widget can't do without: the newest that it needs. Browsers have had all of it since spring of 2024. */
export const missingFeature = (): string | undefined => {
  if (!CSS.supports("color", "light-dark(#000, #fff)")) return "light-dark()";
  return "any" in AbortSignal ? undefined : "AbortSignal.any";
};
