/** Limits of the protocol, for both sides. Characters are UTF-16 code units, as in `length`. */
export {
  attributeNameLimit as ATTRIBUTE_NAME_MAX,
  attributesLimit as ATTRIBUTES_MAX,
  attributeValueLimit as ATTRIBUTE_VALUE_MAX,
  contextErrorsLimit as CONTEXT_ERRORS_MAX,
  contextLimit as CONTEXT_MAX,
  textLimit as TEXT_MAX,
  titleLimit as TITLE_MAX,
} from "../core/contract/limits.ts";
export const NAME_MAX = 200;
/** RFC 5321, section 4.5.3.1.3: a path of 256 octets including its angle brackets. */
export const EMAIL_MAX = 254;
/** Ids and cursors, in which a desk may encode its position. */
export const ID_MAX = 2000;
export const SEARCH_MAX = 200;
export const PAGE_MAX = 100;
export const ATTACHMENTS_MAX = 100;
export const JSON_MAX_BYTES = 1024 * 1024;

/** The interval of comments on every event stream. A client treats a stream that is silent for two of them as dead. */
export const HEARTBEAT_MS = 15_000;
export const CHAT_CODE_MS = 60_000;
/** The maximum lifetime of the chat page's token. */
export const CHAT_PAGE_MS = 4 * 3_600_000;
