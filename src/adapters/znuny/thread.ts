import { cleanFileName, type Attachment, type Author, type Message, type TicketStatus } from "../../adapter/index.ts";
import { wordsOf } from "./bodies.ts";
import { fieldOf, type Desk, type Facts } from "./desk.ts";
import type { Requester } from "./people.ts";
import type { Article, HistoryLine, RawTicket, StoredFile } from "./schemas.ts";

/** One entry of a thread: a message, or a change of state. */
export interface Step {
  /** Stable and unique. */
  readonly key: string;
  readonly message: Message;
}

/** A line of the history that belongs to a step. */
interface Line {
  readonly at: string;
  readonly by: string;
  readonly article?: Article;
  readonly change?: { readonly status: TicketStatus; readonly nth: number };
}

/** The user "root": Znuny itself, or a customer in Znuny's portal. */
const SYSTEM_ID = "1";

/** The steps of a ticket, oldest first, without internal articles. */
export function stepsOf(
  desk: Desk,
  { agentId }: Facts,
  { member }: Requester,
  raw: RawTicket,
  history: readonly HistoryLine[],
): readonly Step[] {
  const { replyField, refField } = desk.settings;
  const shown = raw.Article.filter(({ IsVisibleForCustomer }) => IsVisibleForCustomer === "1");
  const lines = linesOf(desk, shown, history);
  const first = lines.find(({ article }) => article !== undefined);
  return lines.map((line) => {
    const { article, at, change } = line;
    const author = authorOf(line, lines);
    if (article === undefined) {
      const id = `c${raw.TicketID}.${change?.nth ?? 0}`;
      return {
        key: id,
        message: { id, author, text: "", at, ...(change ? { change: { status: change.status } } : {}) },
      };
    }
    const id = `a${article.ArticleID}`;
    const attachments = article.Attachment.map((file) => attachmentOf(raw.TicketID, article.ArticleID, file));
    const clientId = fieldOf(article, replyField) ?? (line === first ? fieldOf(raw, refField) : undefined);
    const isMember = author.role === "member";
    const message: Message = {
      id,
      ...(isMember && clientId !== undefined ? { clientId } : {}),
      author,
      text: wordsOf(article, isMember),
      at,
      ...(attachments.length > 0 ? { attachments } : {}),
    };
    return { key: id, message };
  });

  function authorOf({ article, at, by }: Line, all: readonly Line[]): Author {
    // The author of a change that Znuny made is the author of the message that caused it.
    const cause =
      by === SYSTEM_ID ? all.find((line) => line.article && line.by === by && isNear(line.at, at)) : undefined;
    const words = article ?? cause?.article;
    const role = by === agentId ? "customer" : (words?.SenderType ?? (by === SYSTEM_ID ? "system" : "agent"));
    if (role === "customer") {
      return { id: member.id, ...(member.name === undefined ? {} : { name: member.name }), role: "member" };
    }
    if (role === "system") return { id: SYSTEM_ID, role };
    const name = nameIn(words ?? all.find((line) => line.article?.SenderType === "agent" && line.by === by)?.article);
    return { id: by, ...(name === "" ? {} : { name }), role: "agent" };
  }
}

/** The name in "Nina Agent <nina@example.org>". */
function nameIn(article: Article | undefined): string {
  return (article?.From ?? "")
    .replace(/<[^>]*>\s*$/, "")
    .replaceAll('"', "")
    .trim();
}

function linesOf({ statuses }: Desk, shown: readonly Article[], history: readonly HistoryLine[]): readonly Line[] {
  const missing = new Map(shown.map((article) => [article.ArticleID, article]));
  let nth = 0;
  const lines = history.flatMap(({ ArticleID, CreateBy: by, CreateTime: at, HistoryType, Name }): readonly Line[] => {
    if (HistoryType === "StateUpdate") {
      nth += 1;
      const [, before = "", after = ""] = Name.split("%%");
      const status = statuses.of(after);
      return statuses.of(before) === status ? [] : [{ at, by, change: { status, nth } }];
    }
    const article = missing.get(ArticleID);
    if (article === undefined) return [];
    missing.delete(ArticleID);
    return [{ at: article.CreateTime, by: article.CreateBy, article }];
  });
  for (const article of missing.values()) lines.push({ at: article.CreateTime, by: article.CreateBy, article });
  const sorted = lines.toSorted((left, right) => (left.at < right.at ? -1 : left.at > right.at ? 1 : 0));
  // If one call has a message and a state, Znuny writes the state first.
  for (let index = 0; index + 1 < sorted.length; index += 1) {
    const [state, words] = [sorted[index], sorted[index + 1]];
    if (!state?.change || !words?.article || state.by !== words.by || !isNear(state.at, words.at)) continue;
    sorted.splice(index, 2, words, state);
    index += 1;
  }
  return sorted;
}

/** Whether both times can belong to one write. */
function isNear(one: string, other: string): boolean {
  return Math.abs(Date.parse(one) - Date.parse(other)) <= 1000;
}

function attachmentOf(ticketId: string, articleId: string, file: StoredFile): Attachment {
  return {
    id: `${ticketId}-${articleId}-${file.FileID}`,
    name: cleanFileName(file.Filename),
    bytes: file.FilesizeRaw,
    type: file.ContentType || "application/octet-stream",
  };
}
