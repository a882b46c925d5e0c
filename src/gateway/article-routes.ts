import type { Hono } from "hono";
import type { ArticlesApi } from "../core/contract/adapter.ts";
import * as requests from "../protocol/requests.ts";
import { routes } from "../protocol/routes.ts";
import { addEndpoint, type Gate } from "./endpoint.ts";

const area = "tickets";
/** The number of articles in an answer. */
const MOST = 10;

export function addArticleRoutes(app: Hono, gate: Gate, articles: ArticlesApi): void {
  addEndpoint(app, gate, routes.searchArticles, {
    area,
    look: true,
    query: requests.articleQuery,
    async handle({ query, ctx, address }) {
      // A caller without a token has no limit for reads.
      if (ctx.member === undefined) await gate.limit("reads", address);
      return { items: (await articles.search(query.search, ctx)).slice(0, MOST) };
    },
  });
  addEndpoint(app, gate, routes.article, {
    area,
    look: true,
    handle: async ({ id, ctx }) => await articles.get(id, ctx),
  });
}
