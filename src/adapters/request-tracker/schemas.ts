import * as v from "valibot";

// What is used of RT's answers, and no more: another version may add to them.

const id = v.pipe(v.union([v.string(), v.number()]), v.transform(String));
/** Of tickets, changes and attachments: it goes into queries and paths. */
const numericId = v.pipe(id, v.regex(/^\d{1,15}$/, "no number"));
/** UTC, in whole seconds, such as "2026-11-23T06:54:23Z". */
const time = v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, "no time in UTC"));
/** A field that is empty or closed to the account is missing, or an empty text. */
const text = v.pipe(
  v.optional(v.nullable(v.string()), ""),
  v.transform((value) => value ?? ""),
);
/** RT leaves an object out, or gives "", where it has none. */
const person = v.fallback(v.object({ id, Name: text, RealName: text }), { id: "", Name: "", RealName: "" });

const customValue = v.object({
  name: v.string(),
  values: v.pipe(
    v.array(v.unknown()),
    v.transform((values) => values.filter((value) => typeof value === "string")),
  ),
});
const customValues = v.fallback(v.array(customValue), []);

export const ticket = v.object({
  id: numericId,
  Subject: text,
  Status: v.string(),
  Created: time,
  LastUpdated: time,
  LastUpdatedBy: person,
  Requestor: v.array(v.object({ id, EmailAddress: text, RealName: text })),
  CustomFields: customValues,
});
export type RtTicket = v.InferOutput<typeof ticket>;

/** Of many tickets, what a search looks at. */
export const outline = v.object({ id: numericId, Subject: text, LastUpdated: time });
export type Outline = v.InferOutput<typeof outline>;

export const transaction = v.object({
  id: numericId,
  Type: v.string(),
  Field: text,
  OldValue: text,
  NewValue: text,
  ObjectId: numericId,
  Created: time,
  Creator: person,
  CustomFields: customValues,
});
export type RtTransaction = v.InferOutput<typeof transaction>;

export const attachment = v.object({
  id: numericId,
  TransactionId: numericId,
  Filename: text,
  ContentType: text,
  ContentLength: v.pipe(
    v.optional(v.union([v.string(), v.number()]), 0),
    v.transform((length) => Number(length) || 0),
  ),
  Headers: text,
});
export type RtAttachment = v.InferOutput<typeof attachment>;

export const content = v.object({ id, Content: text });
/** One attachment by itself: its content is base64. */
export const wholeAttachment = v.object({ Content: text });

export const user = v.object({ id, Name: v.string(), EmailAddress: text, RealName: text });
/** Of another user, RT tells no more than this for sure. */
export const address = v.object({ EmailAddress: text });
export const addressed = v.object({ id, EmailAddress: text });
export const reference = v.object({ id });

/** `total` is null where RT can't say it. */
export function listOf<T>(item: v.GenericSchema<unknown, T>) {
  return v.object({ items: v.array(item), count: v.number(), total: v.optional(v.nullable(v.number()), null) });
}

const named = v.object({ id, name: v.string() });
export const queue = v.object({
  id,
  Name: v.string(),
  TicketCustomFields: v.optional(v.array(named), []),
  TicketTransactionCustomFields: v.optional(v.array(named), []),
});
/** A bare text, or since it may depend on another field's value an object, by RT's version. */
const optionName = v.union([
  v.string(),
  v.pipe(
    v.object({ name: v.string() }),
    v.transform(({ name }) => name),
  ),
]);
export const customField = v.object({
  id,
  Name: v.string(),
  Type: v.string(),
  /** 0: as many as one likes. */
  MaxValues: v.pipe(v.optional(v.union([v.string(), v.number()]), 1), v.transform(Number)),
  Pattern: text,
  Description: text,
  EntryHint: text,
  Values: v.optional(v.array(optionName), []),
});
export type RtCustomField = v.InferOutput<typeof customField>;

export const version = v.object({ Version: v.string(), Plugins: v.optional(v.unknown()) });
export const anything = v.unknown();
