import type { Article, ArticlesApi, ArticleTitle } from "../core/contract/adapter.ts";
import { AdapterError } from "../core/contract/errors.ts";
import { languageOf } from "../core/contract/language-tag.ts";
import { fold, searchWords } from "./pages.ts";

/** Shorter words say little about the topic. */
const shortest = 4;
/** Words are compared without their endings: "naročilom" finds "Naročila". */
const stem = 5;
/** A word of the title counts two points, a word of the text one. */
const enough = 2;

/**
 * The articles of a fixed list, for a desk without any of its own. Finds them by the words of their titles and texts, those in
 * the locale's language if there are any. Throws a TypeError if two articles have one id.
 */
export function articlesFrom(articles: readonly Article[]): ArticlesApi {
  const byId = new Map(articles.map((article) => [article.id, article]));
  if (byId.size < articles.length) throw new TypeError("articlesFrom: two articles have one id: give each its own");
  const folded = articles.map((article) => ({ article, title: fold(article.title), text: fold(article.text) }));

  return {
    async search(text, { locale, signal }) {
      signal.throwIfAborted();
      const words = searchWords(text.replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, " "));
      const stems = [...new Set(words.filter(({ length }) => length >= shortest).map((word) => word.slice(0, stem)))];
      const pointsOf = (each: (typeof folded)[number], word: string) =>
        each.title.includes(word) ? 2 : each.text.includes(word) ? 1 : 0;
      const found = folded
        .map((each) => ({ ...each, points: stems.reduce((sum, word) => sum + pointsOf(each, word), 0) }))
        .filter(({ points }) => points >= enough)
        .toSorted((one, other) => other.points - one.points)
        .map(({ article }) => titleOf(article));
      const own = found.filter(({ language }) => language === undefined || languageOf(language) === languageOf(locale));
      return own.length > 0 ? own : found;
    },
    async get(articleId, { signal }) {
      signal.throwIfAborted();
      const article = byId.get(articleId);
      if (article === undefined) throw new AdapterError("not-found", `there is no article "${articleId}"`);
      return article;
    },
  };
}

function titleOf({ id, language, title }: Article): ArticleTitle {
  return { id, title, ...(language === undefined ? {} : { language }) };
}
