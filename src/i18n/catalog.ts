/** The languages that the widget speaks, and their texts. */
export interface Catalog {
  readonly languages: readonly string[];
  /** Rejects when the texts can't be fetched, and can be called again. */
  load(language: string): Promise<object>;
}

/** Out of the files of locales/: "../../locales/sl.json" → what gives its texts. */
export function catalogOf(files: Readonly<Record<string, () => Promise<object>>>): Catalog {
  const loaders = new Map(
    Object.entries(files).map(([path, load]) => [path.slice(path.lastIndexOf("/") + 1, -".json".length), load]),
  );
  return {
    languages: [...loaders.keys()],
    async load(language) {
      const load = loaders.get(language);
      if (!load) throw new Error(`there is no language "${language}"`);
      return await load();
    },
  };
}

/** Every language, fetched when it is spoken. */
export const catalog: Catalog = catalogOf(import.meta.glob<object>("../../locales/*.json", { import: "default" }));
