/** The newest browser features that the widget requires. All are available since spring 2024. */
export const missingFeature = (): string | undefined => {
  if (!CSS.supports("color", "light-dark(#000, #fff)")) return "light-dark()";
  return "any" in AbortSignal ? undefined : "AbortSignal.any";
};
