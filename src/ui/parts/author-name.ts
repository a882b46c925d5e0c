import type { Author } from "../../core/contract/adapter.ts";
import type { useT } from "../context.ts";

/** The author's name as the member reads it. */
export function authorName({ name, role }: Author, t: ReturnType<typeof useT>): string {
  if (role === "member") return t("thread.you");
  return name ?? t(role === "participant" ? "thread.participant" : "thread.team");
}
