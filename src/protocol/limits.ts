/** What the wire allows, for both sides. Characters are UTF-16 code units, as `length` counts them. */
export {
  contextErrorsLimit as CONTEXT_ERRORS_MAX,
  contextLimit as CONTEXT_MAX,
  textLimit as TEXT_MAX,
  titleLimit as TITLE_MAX,
} from "../core/contract/limits.ts";
export const NAME_MAX = 200;
/** RFC 5321, section 4.5.3.1.3: a path of 256 octets with its angle brackets. */
export const EMAIL_MAX = 254;
/** Ids and cursors: a desk may put in them what it needs to find its place again. */
export const ID_MAX = 2000;
export const SEARCH_MAX = 200;
export const PAGE_MAX = 100;
export const ATTACHMENTS_MAX = 100;
export const JSON_MAX_BYTES = 1024 * 1024;

/** A comment on every event stream this often; a client that hears nothing for two of them takes the link for dead. */
export const HEARTBEAT_MS = 15_000;
export const CHAT_CODE_MS = 60_000;
/** How long the chat page's token lives at most. */
export const CHAT_PAGE_MS = 4 * 3_600_000;
