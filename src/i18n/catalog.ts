/** The available languages and their texts. */
export interface Catalog {
  readonly languages: readonly string[];
  /** Rejects if the texts can't be loaded; may be called again. */
  load(language: string): Promise<object>;
}

/** Built from the files in locales/, such as "../../locales/sl.json" → a function that loads it. */
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
