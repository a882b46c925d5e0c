import * as v from "valibot";

// The parts of RT's answers that are used: another version may add to them.

const id = v.pipe(v.union([v.string(), v.number()]), v.transform(String));
/** Of tickets, changes and attachments: used in queries and paths. */
const numericId = v.pipe(id, v.regex(/^\d{1,15}$/, "is not a number"));
/** UTC, in whole seconds, such as "2026-11-23T06:54:23Z". */
const time = v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, "is not a time in UTC"));
/** A field that is empty or hidden from the account is missing, or an empty text. */
const text = v.pipe(
  v.optional(v.nullable(v.string()), ""),
  v.transform((value) => value ?? ""),
);
const count = (missing: number) =>
  v.pipe(
    v.optional(v.union([v.string(), v.number()]), missing),
    v.transform((value) => Number(value) || 0),
  );
/** RT omits a missing object, or returns "". */
const person = v.fallback(v.object({ id, Name: text, RealName: text }), { id: "", Name: "", RealName: "" });
const texts = v.pipe(
  v.array(v.unknown()),
  v.transform((values) => values.filter((value) => typeof value === "string")),
);
const customValues = v.fallback(v.array(v.object({ name: v.string(), values: texts })), []);

export const ticket = v.object({
  id: numericId,
  Subject: text,
  Status: v.string(),
  Created: time,
  LastUpdated: time,
  LastUpdatedBy: person,
  Requestor: v.array(v.object({ id, EmailAddress: text, RealName: text })),
  Cc: v.fallback(v.array(v.object({ id })), []),
  CustomFields: customValues,
});
export type RtTicket = v.InferOutput<typeof ticket>;

/** Of many tickets: the properties that a search uses. */
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
  ContentLength: count(0),
  Headers: text,
});
export type RtAttachment = v.InferOutput<typeof attachment>;

export const content = v.object({ id, Content: text });
/** A single attachment: its content is base64. */
export const wholeAttachment = v.object({ Content: text });

export const user = v.object({ id, Name: v.string(), EmailAddress: text, RealName: text });
/** For another user, RT only guarantees these. */
export const addressed = v.object({ id: v.optional(id, ""), EmailAddress: text });
export const owned = v.object({ id: numericId, Requestor: v.array(addressed) });
export const reference = v.object({ id });
/** A single ticket names people, without addresses. */
export const former = v.object({ Requestor: v.array(reference) });
export const withStatus = v.object({ id, Status: v.string() });

/** `total` is null if RT can't count. */
export function listOf<T>(item: v.GenericSchema<unknown, T>) {
  return v.object({ items: v.array(item), total: v.optional(v.nullable(v.number()), null) });
}

const named = v.optional(v.array(v.object({ id, name: v.string() })), []);
export const queue = v.object({ id, TicketCustomFields: named, TicketTransactionCustomFields: named });
export const links = v.pipe(
  v.object({
    _hyperlinks: v.array(v.object({ ref: v.string(), to: v.optional(v.string()), type: v.optional(v.string()) })),
  }),
  v.transform((answer) => answer["_hyperlinks"]),
);
/** A bare text, or an object (since a value may depend on another field), depending on RT's version. */
const optionName = v.union([
  v.string(),
  v.pipe(
    v.object({ name: v.string() }),
    v.transform(({ name }) => name),
  ),
]);
export const customField = v.object({
  Name: v.string(),
  Type: v.string(),
  /** 0: any number. */
  MaxValues: count(1),
  Pattern: text,
  EntryHint: text,
  Values: v.optional(v.array(optionName), []),
});
export type RtCustomField = v.InferOutput<typeof customField>;

export const version = v.object({ Version: v.string(), Plugins: v.optional(v.unknown()) });
export const anything = v.unknown();
/** The web hook from the scrip of docs/desks/request-tracker.md. Older scrips send no time. */
export const hook = v.pipe(
  v.object({
    ticket: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(Number.MAX_SAFE_INTEGER)),
    at: v.optional(v.pipe(v.number(), v.integer())),
  }),
  v.transform(({ at, ticket: number }) => ({ at, text: JSON.stringify({ ticket: number }) })),
);
