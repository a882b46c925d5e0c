import { effect, type ReadonlySignal, signal } from "@preact/signals-core";
import type { Article, ArticleTitle } from "../contract/adapter.ts";
import { delay } from "../delivery/delay.ts";
import type { Scope } from "../delivery/scope.ts";
import { callContext } from "../platform.ts";

/** Shorter titles say too little. */
const shortest = 4;
/** A pause in typing. In milliseconds. */
const pauseMs = 400;
const most = 3;

interface OfferedArticles {
  /** At most three, best first. Empty if none match, or if they can't be searched: the form works without them. */
  readonly offered: ReadonlySignal<readonly ArticleTitle[]>;
  read(id: string): Promise<Article>;
  /** Stops searching. */
  stop(): void;
}

/** The help articles for the title that the member is typing. `title` is undefined while nobody types one. */
export function offerArticles(
  { adapter, platform }: Scope,
  title: ReadonlySignal<string | undefined>,
  life: AbortSignal,
): OfferedArticles {
  const offered = signal<readonly ArticleTitle[]>([]);
  const { articles } = adapter;

  async function search(text: string, locale: string, stop: AbortSignal) {
    try {
      await delay(pauseMs, stop);
      const found = await articles?.search(text, { ...callContext(platform, stop), locale });
      if (!stop.aborted) offered.value = titlesIn(found).slice(0, most);
    } catch {
      if (!stop.aborted) offered.value = [];
    }
  }

  const stop = effect(() => {
    const text = title.value?.trim() ?? "";
    const locale = platform.locale.value;
    if (text.length < shortest) {
      offered.value = [];
      return undefined;
    }
    const typing = new AbortController();
    void search(text, locale, AbortSignal.any([life, typing.signal]));
    return () => typing.abort();
  });

  return {
    offered,
    stop,
    async read(id) {
      if (!articles) throw new Error(`adapter "${adapter.name}" has no articles`);
      const article = await articles.get(id, callContext(platform, life));
      if (typeof Object(article).text !== "string") throw new Error(`article "${id}" has no text`);
      return article;
    },
  };
}

/** An adapter in the page may be anyone's code. */
function titlesIn(found: unknown): readonly ArticleTitle[] {
  const isTitle = (each: unknown): each is ArticleTitle =>
    typeof Object(each).id === "string" && typeof Object(each).title === "string";
  return Array.isArray(found) ? found.filter(isTitle) : [];
}
