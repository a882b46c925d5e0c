import { expect } from "vitest";
import { by, refusal, type Case } from "./case.ts";

export const articleCases: readonly Case[] = [
  {
    title: "a search by a word of its title finds the article, which has a text",
    async run(stage) {
      const articles = stage.need(stage.mine.articles);
      const known = stage.need(stage.subject.article);
      const ctx = { ...by(stage.me), locale: known.locale };
      const [found] = await articles.search(known.words, ctx);
      expect(found?.title).toBe(known.title);
      const article = await articles.get(found?.id ?? "", ctx);
      expect(article.title).toBe(known.title);
      expect(article.text).toMatch(/\S/);
    },
  },
  {
    title: "a search that matches no article returns an empty list",
    async run(stage) {
      const articles = stage.need(stage.mine.articles);
      for (const text of ["xqzvwk", "%", "' OR 1=1", "*", "☃"]) {
        // oxlint-disable-next-line no-await-in-loop -- one search after the other
        expect(await articles.search(text, by(stage.me))).toEqual([]);
      }
    },
  },
  {
    title: "an unknown article is not found",
    async run(stage) {
      const articles = stage.need(stage.mine.articles);
      for (const id of ["0", "no-such-article", "../1", "%"]) {
        // oxlint-disable-next-line no-await-in-loop -- one call after the other
        await refusal(articles.get(id, by(stage.me)), "not-found");
      }
    },
  },
  {
    title: "a search with an aborted signal rejects with the signal's reason",
    async run(stage) {
      const articles = stage.need(stage.mine.articles);
      const reason = new Error("closed");
      const ctx = by(stage.me, AbortSignal.abort(reason));
      await expect(articles.search("order", ctx)).rejects.toBe(reason);
    },
  },
];
