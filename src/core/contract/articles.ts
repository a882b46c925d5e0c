import type { CallContext } from "./call-context.ts";

export interface ArticlesApi {
  /**
   * The articles that match the text best, best first, in the locale's language if there are any; empty if none match.
   * The widget offers the first three.
   */
  search(text: string, ctx: CallContext): Promise<readonly ArticleTitle[]>;
  /** Rejects with `not-found`. */
  get(articleId: string, ctx: CallContext): Promise<Article>;
}

export interface ArticleTitle {
  readonly id: string;
  readonly title: string;
  /** BCP 47, if it is not the locale's. */
  readonly language?: string;
}

export interface Article extends ArticleTitle {
  /** In the markup of messages. */
  readonly text: string;
}
