import { useRef, useState } from "preact/hooks";
import type { Article, ArticleTitle } from "../../core/contract/adapter.ts";
import type { Widget } from "../context.ts";
import { useT } from "../context.ts";
import { Notice } from "../parts/Notice.tsx";
import { RichText } from "../parts/RichText.tsx";

type Tickets = NonNullable<Widget["tickets"]["value"]>;
type Articles = Tickets["form"]["articles"];

/** Help articles that may answer the member before they submit the issue. Each opens in place, and the form keeps its text. */
export function Articles({ articles }: { readonly articles: Articles }) {
  const t = useT();
  const offered = articles.offered.value;
  return (
    <>
      <span class="unseen" role="status">
        {offered.length > 0 && t("form.articles")}
      </span>
      {offered.length > 0 && (
        <Notice>
          <strong>{t("form.articles")}</strong>
          {offered.map((each) => (
            <ArticleView key={each.id} title={each} read={articles.read} />
          ))}
        </Notice>
      )}
    </>
  );
}

interface ArticleProps {
  readonly title: ArticleTitle;
  readonly read: Articles["read"];
}

function ArticleView({ title: { id, title, language }, read }: ArticleProps) {
  const t = useT();
  const [article, setArticle] = useState<Article | "failed" | undefined>(undefined);
  const details = useRef<HTMLDetailsElement>(null);

  async function load() {
    setArticle(undefined);
    setArticle(await read(id).catch(() => "failed" as const));
  }

  return (
    <details
      ref={details}
      class="article"
      lang={language}
      onToggle={() => {
        if (details.current?.open && typeof article !== "object") void load();
      }}
    >
      <summary dir="auto">{title}</summary>
      {article === undefined && <p class="meta">{t("form.articleLoading")}</p>}
      {article === "failed" && (
        <p role="alert">
          {t("form.articleFailed")}{" "}
          <button type="button" class="link" onClick={() => void load()}>
            {t("start.retry")}
          </button>
        </p>
      )}
      {typeof article === "object" && <RichText text={article.text} />}
    </details>
  );
}
