import * as v from "valibot";
import { attributeFault } from "../core/contract/context-attribute.ts";
import {
  ATTACHMENTS_MAX,
  ATTRIBUTE_NAME_MAX,
  ATTRIBUTE_VALUE_MAX,
  ATTRIBUTES_MAX,
  CONTEXT_ERRORS_MAX,
  CONTEXT_MAX,
  EMAIL_MAX,
  ID_MAX,
  NAME_MAX,
  PAGE_MAX,
  SEARCH_MAX,
  TEXT_MAX,
  TITLE_MAX,
} from "./limits.ts";

// What the gateway requires of requests. Server-only, so it adds no weight to the browser.

const short = (max: number) => v.pipe(v.string(), v.maxLength(max, `must not be longer than ${max} characters`));
const written = (max: number) => v.pipe(short(max), v.regex(/\S/u, "must not be empty"));

const clientId = v.pipe(v.string(), v.uuid("must be a UUID"));
const id = v.pipe(short(ID_MAX), v.minLength(1, "must not be empty"));
const attachments = v.exactOptional(v.pipe(v.array(id), v.maxLength(ATTACHMENTS_MAX)));
const locale = v.pipe(v.string(), v.regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}$/, "must be a BCP 47 language tag"));

const fieldValue = v.union([
  short(TEXT_MAX),
  v.number(),
  v.boolean(),
  v.pipe(v.array(short(NAME_MAX)), v.maxLength(ATTACHMENTS_MAX)),
]);

const attribute = v.pipe(
  v.object({ name: short(ATTRIBUTE_NAME_MAX), value: short(ATTRIBUTE_VALUE_MAX) }),
  v.check((given) => attributeFault(given) === undefined, "must be one line of text"),
);

export const articleQuery = v.object({ search: written(SEARCH_MAX) });

export const ticketDraft = v.object({
  clientId,
  title: written(TITLE_MAX),
  text: written(TEXT_MAX),
  locale: v.exactOptional(locale),
  fields: v.exactOptional(v.record(short(NAME_MAX), fieldValue)),
  attachments,
  conversationId: v.exactOptional(id),
  context: v.exactOptional(
    v.object({
      page: v.exactOptional(short(CONTEXT_MAX)),
      browser: v.exactOptional(short(CONTEXT_MAX)),
      screen: v.exactOptional(short(CONTEXT_MAX)),
      language: v.exactOptional(short(CONTEXT_MAX)),
      appVersion: v.exactOptional(short(CONTEXT_MAX)),
      errors: v.exactOptional(v.pipe(v.array(short(CONTEXT_MAX)), v.maxLength(CONTEXT_ERRORS_MAX))),
      attributes: v.exactOptional(v.pipe(v.array(attribute), v.maxLength(ATTRIBUTES_MAX))),
    }),
  ),
});

/** A message has text, files or both. */
export const messageDraft = v.pipe(
  v.object({ clientId, text: short(TEXT_MAX), attachments }),
  v.forward(
    v.partialCheck(
      [["text"], ["attachments"]],
      ({ text, attachments: files = [] }) => /\S/u.test(text) || files.length > 0,
      "must not be empty without a file",
    ),
    ["text"],
  ),
);

const count = v.pipe(
  v.string(),
  v.regex(/^\d{1,3}$/, `must be a number from 1 to ${PAGE_MAX}`),
  v.transform(Number),
  v.minValue(1),
  v.maxValue(PAGE_MAX),
);

export const ticketQuery = v.object({
  filter: v.optional(v.picklist(["open", "awaiting", "all"]), "all"),
  search: v.exactOptional(short(SEARCH_MAX)),
  cursor: v.exactOptional(short(ID_MAX)),
  limit: v.exactOptional(count),
});
export const threadQuery = v.object({ before: v.exactOptional(short(ID_MAX)) });
export const historyQuery = v.object({ before: v.exactOptional(short(ID_MAX)) });
export const eventsQuery = v.object({ cursor: v.exactOptional(short(ID_MAX)) });

export const statusChange = v.object({ status: v.picklist(["open", "resolved"]) });

export const chatRequest = v.object({
  clientId,
  name: short(NAME_MAX),
  /** May be empty if the desk knows the member's address. */
  email: v.pipe(short(EMAIL_MAX), v.regex(/^$|^[^\s@]+@[^\s@]+$/u, "must be an e-mail address")),
  memberId: v.exactOptional(short(NAME_MAX)),
  question: written(TEXT_MAX),
  ticketId: v.exactOptional(id),
  page: v.exactOptional(short(CONTEXT_MAX)),
});
export const typing = v.object({ typing: v.boolean() });
export const read = v.object({ messageId: id });
export const rating = v.object({
  score: v.picklist([1, 2, 3, 4, 5]),
  comment: v.exactOptional(short(TEXT_MAX)),
});

/** The gateway's token of a guest who has signed in since. */
export const mergeRequest = v.object({ token: short(ID_MAX) });
export const credentials = v.object({ username: short(NAME_MAX), password: short(1024) });
/** What the chat page needs to continue. */
export const chatCodeRequest = v.object({
  question: v.exactOptional(short(CONTEXT_MAX)),
  locale: v.exactOptional(locale),
});
export const redeemRequest = v.object({ code: short(ID_MAX) });
