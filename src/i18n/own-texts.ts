import { likelyName } from "../core/contract/unknown-names.ts";
import type { Catalog } from "./catalog.ts";

/** By language tag, then by key, such as "tickets.tab". */
type Texts = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The catalog with the site's own wording at the time of loading. `warn` gets a sentence for each key that the language does not have. */
export function withOwnTexts(
  catalog: Catalog,
  current: () => Texts | undefined,
  warn: (message: string) => void,
): Catalog {
  return {
    languages: catalog.languages,
    async load(language) {
      const own = current()?.[language];
      if (own === undefined) return await catalog.load(language);
      const groups = new Map(
        Object.entries(await catalog.load(language)).map(([group, texts]) => [
          group,
          new Map(Object.entries(Object(texts))),
        ]),
      );
      const keys = [...groups].flatMap(([group, texts]) => [...texts.keys()].map((name) => `${group}.${name}`));
      for (const [key, text] of Object.entries(own)) {
        const [group = "", name = ""] = key.split(".");
        if (groups.get(group)?.has(name)) groups.get(group)?.set(name, text);
        else warn(`"texts": "${key}" is no text of the widget in "${language}"; ${adviceFor(key, keys)}`);
      }
      return Object.fromEntries([...groups].map(([group, texts]) => [group, Object.fromEntries(texts)]));
    },
  };
}

function adviceFor(key: string, keys: readonly string[]): string {
  const near = likelyName(key, keys);
  return near ? `did you mean "${near}"?` : "look at the keys in locales/en.json.";
}
