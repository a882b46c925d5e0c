import type { Rating, TicketStatus } from "../../core/contract/adapter.ts";
import { invalid } from "./invalid.ts";

/** Rejects with `invalid` for what is no score, and for a ticket that is not resolved. */
export function checkRating({ score }: Rating, status: TicketStatus): void {
  if (!isScore(score)) throw invalid({ score: "must be from 1 to 5" });
  if (status !== "resolved") throw invalid({ status: "must be resolved" });
}

/** What stands in the desk's fields, where agents may write what they like. */
export function ratingOf(score: string | undefined, comment: string | undefined): Rating | undefined {
  const given = Number(score);
  if (!isScore(given)) return undefined;
  return { score: given, ...(comment === undefined ? {} : { comment }) };
}

function isScore(score: number): score is Rating["score"] {
  return Number.isInteger(score) && score >= 1 && score <= 5;
}
