/** The building blocks of a desk adapter. Its own package entry, `podpora/adapter`; see docs/write-an-adapter.md. */
export type * from "../core/contract/adapter.ts";
export {
  AdapterError,
  isAdapterError,
  isRetryable,
  type AdapterErrorCode,
  type AdapterErrorOptions,
} from "../core/contract/errors.ts";
export { cleanFileName } from "../core/contract/file-name.ts";
export { basicSignIn, type BasicSignInOptions } from "./accounts.ts";
export { answerOf, isDeskAway, statusOf, type Refusal } from "./answers.ts";
export { articlesFrom } from "./articles.ts";
export { createBreaker, type Breaker, type Outcome } from "./breaker.ts";
export { channel, type Sink } from "./channel.ts";
export {
  atOnce,
  createBatch,
  createCached,
  createSingleFlight,
  createTtlMap,
  eachChunk,
  inChunks,
  writeOnce,
  type SingleFlight,
  type TtlMap,
} from "./concurrency.ts";
export { checkMessageDraft, checkRating, checkTicketDraft, contextLines, invalid, ratingOf } from "./drafts.ts";
export { checkFields, patternAnywhere, readPattern } from "./fields.ts";
export { bytesFromBase64, checkFile, fileIds, unknownFile, type HeldFiles } from "./files.ts";
export { attempt, counted, eraseByAddress, fault, good, heldFilesFinding, risk, type Attempt } from "./findings.ts";
export { signedHook, type SignedHookOptions } from "./hooks.ts";
export { createDeskClient, type DeskCall, type DeskClient, type DeskClientOptions } from "./http.ts";
export { limits } from "./limits.ts";
export { markupFromHtml } from "./markup/html-to-markup.ts";
export { longestRun, writeLine, type Piece } from "./markup/line.ts";
export { markupFromText, markupOfMessage, plainTextOf } from "./markup/text-to-markup.ts";
export { verifiedEmail, verifiedMember, type VerifiedMember } from "./members.ts";
export { checkNames, optionCheck, webAddress, type OptionCheck } from "./options.ts";
export { createOwners, type Owners } from "./owners.ts";
export { badCursor, fold, pageBefore, searchPages, searchWords, staleCursor, type SearchPages } from "./pages.ts";
export { createSettling, SETTLES_MS, type Settling } from "./settling.ts";
export { checkStatuses, statusMap, type StatusMap, type StatusNames } from "./statuses.ts";
export { createHeldUploads, type DraftFile, type HeldUploads, type HeldUploadsOptions } from "./uploads.ts";
