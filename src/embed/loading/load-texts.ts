const files: Readonly<Record<string, () => Promise<{ readonly default: object }>>> = {
  ar: () => import("../../../locales/ar.json", { with: { type: "json" } }),
  de: () => import("../../../locales/de.json", { with: { type: "json" } }),
  en: () => import("../../../locales/en.json", { with: { type: "json" } }),
  sl: () => import("../../../locales/sl.json", { with: { type: "json" } }),
};

/**
 * The texts of a language: a part of the site's own bundle. The script has load-texts-beside.ts in the place of this
 * module.
 */
export async function loadTexts(language: string, _endpoint: string | undefined): Promise<object> {
  const texts = await files[language]?.();
  if (!texts) throw new Error(`there is no language "${language}"`);
  return texts.default;
}
