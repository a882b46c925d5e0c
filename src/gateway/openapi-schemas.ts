import { toJsonSchema, toJsonSchemaDefs } from "@valibot/to-json-schema";
import type { GenericSchema } from "valibot";
import * as data from "../protocol/data.ts";
import { problemDocument } from "../protocol/problems.ts";
import * as requests from "../protocol/requests.ts";

export type Json = Readonly<Record<string, unknown>>;

/** Each has a name in the document, and is included once. */
const answers: Readonly<Record<string, GenericSchema>> = {
  Member: data.member,
  Author: data.author,
  Attachment: data.attachment,
  Message: data.message,
  MessagePage: data.messagePage,
  Rating: data.rating,
  Ticket: data.ticket,
  TicketPage: data.ticketPage,
  TicketCounts: data.ticketCounts,
  TicketEvent: data.ticketStreamEvent,
  UnreadTickets: data.unreadTickets,
  Field: data.field,
  FieldList: data.fieldList,
  Availability: data.availability,
  Conversation: data.conversation,
  CurrentConversation: data.currentConversation,
  ChatHistory: data.chatHistory,
  ChatEvent: data.chatEvent,
  UploadLimits: data.uploadLimits,
  Session: data.session,
  SessionAnswer: data.sessionAnswer,
  Token: data.tokenAnswer,
  ChatPageToken: data.redeemAnswer,
  ChatCode: data.chatCodeAnswer,
  Problem: problemDocument,
};
const bodies: Readonly<Record<string, GenericSchema>> = {
  TicketDraft: requests.ticketDraft,
  MessageDraft: requests.messageDraft,
  StatusChange: requests.statusChange,
  NewRating: requests.rating,
  ChatRequest: requests.chatRequest,
  Typing: requests.typing,
  Read: requests.read,
  Credentials: requests.credentials,
  MergeRequest: requests.mergeRequest,
  ChatCodeRequest: requests.chatCodeRequest,
  RedeemRequest: requests.redeemRequest,
};

const reference = (name: string): string => `#/components/schemas/${name}`;
const config = {
  errorMode: "ignore",
  overrideRef: ({ referenceId }: { readonly referenceId: string }) => reference(referenceId),
} as const;

/** For `components.schemas`. */
export function namedSchemas(): Json {
  return {
    ...toJsonSchemaDefs(answers, { ...config, typeMode: "output" }),
    ...toJsonSchemaDefs(bodies, { ...config, typeMode: "input" }),
  };
}

/** A reference by name. Throws for a schema without one. */
export function schemaRef(schema: GenericSchema): Json {
  const name = [answers, bodies].flatMap((named) => Object.keys(named).filter((each) => named[each] === schema))[0];
  if (name === undefined) throw new Error("this schema has no name in openapi-schemas.ts");
  return { $ref: reference(name) };
}

/** The parameters of a query, as its schema names them. */
export function queryParameters(schema: GenericSchema): readonly Json[] {
  const { properties = {}, required = [] } = toJsonSchema(schema, { ...config, typeMode: "input" });
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: "query",
    required: required.includes(name),
    schema: property,
  }));
}
