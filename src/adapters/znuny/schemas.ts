import * as v from "valibot";

// Only the properties that the adapter uses.
/** Perl writes a number or a string. */
const id = v.pipe(v.union([v.string(), v.number()]), v.transform(String), v.regex(/^\d{1,15}$/, "is not a number"));
const text = v.pipe(
  v.optional(v.nullable(v.union([v.string(), v.number()])), ""),
  v.transform((value) => String(value ?? "")),
);
/** In Znuny's time zone, which docs/desks/znuny.md requires to be UTC. */
const time = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/, "is not a time"),
  v.transform((value) => `${value.replace(" ", "T")}.000Z`),
);
/** Values that are not text, such as those of a multiselect, are ignored. */
const fields = v.optional(v.array(v.object({ Name: v.string(), Value: v.fallback(text, "") })), []);

const attachment = v.object({
  FileID: id,
  Filename: v.string(),
  ContentType: text,
  ContentID: text,
  FilesizeRaw: v.pipe(text, v.transform(Number)),
  Content: text,
});

const article = v.object({
  ArticleID: id,
  SenderType: v.string(),
  From: text,
  Body: text,
  CreateTime: time,
  CreateBy: id,
  IsVisibleForCustomer: text,
  DynamicField: fields,
  Attachment: v.optional(v.array(attachment), []),
});

export const tickets = v.object({
  Ticket: v.array(
    v.object({
      TicketID: id,
      TicketNumber: v.string(),
      Title: text,
      State: v.string(),
      StateType: v.string(),
      Queue: v.string(),
      CustomerUserID: text,
      Created: time,
      Changed: time,
      Age: v.pipe(text, v.transform(Number)),
      DynamicField: fields,
      Article: v.optional(v.array(article), []),
    }),
  ),
});

export const histories = v.object({
  TicketHistory: v.array(
    v.object({
      TicketID: id,
      History: v.array(
        v.object({ HistoryType: v.string(), Name: text, CreateBy: id, CreateTime: time, ArticleID: text }),
      ),
    }),
  ),
});

export const found = v.object({ TicketID: v.optional(v.array(id), []) });
export const written = v.object({ TicketID: id });
export const session = v.object({ SessionID: v.string() });
export const sessionData = v.pipe(
  v.object({ SessionData: v.array(v.object({ Key: v.string(), Value: text })) }),
  v.transform(({ SessionData }) => new Map(SessionData.map(({ Key, Value }) => [Key, Value]))),
);
export const anything = v.unknown();
export const refusal = v.object({ Error: v.object({ ErrorCode: v.string(), ErrorMessage: text }) });

export type RawTicket = v.InferOutput<typeof tickets>["Ticket"][number];
export type Article = v.InferOutput<typeof article>;
export type StoredFile = v.InferOutput<typeof attachment>;
export type HistoryLine = v.InferOutput<typeof histories>["TicketHistory"][number]["History"][number];
