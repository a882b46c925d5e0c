import { toJsonSchema } from "@valibot/to-json-schema";
import type { GenericSchema } from "valibot";
import { problemDocument, PROBLEM_TYPE } from "../protocol/problems.ts";
import * as requests from "../protocol/requests.ts";
import { FILES_PATH, routes, UPLOADS_PATH, type Route, type RouteName } from "../protocol/routes.ts";

type Json = Readonly<Record<string, unknown>>;

interface Asked {
  readonly body?: GenericSchema;
  readonly query?: GenericSchema;
  readonly summary: string;
}

/** What each route is asked with; the routes themselves say what they answer. */
const asked: Readonly<Record<RouteName, Asked>> = {
  session: { summary: "Who the caller is, what is open to them, and what the desk can do" },
  guest: { summary: "A token for a guest" },
  signIn: { summary: "A token for who signs in with the desk's own account", body: requests.credentials },
  signOut: { summary: "Ends the session, at every copy of the gateway" },
  merge: { summary: "Lets what a guest began go over to the caller", body: requests.mergeRequest },
  chatCode: { summary: "The address of the chat page, with a code that works once", body: requests.chatCodeRequest },
  redeem: { summary: "A token for the code of the chat page", body: requests.redeemRequest },
  listTickets: { summary: "The member's tickets, the last changed first", query: requests.ticketQuery },
  createTicket: { summary: "A new ticket", body: requests.ticketDraft },
  ticketFields: { summary: "What else the desk's form asks for" },
  ticketCounts: { summary: "How many tickets the member has in each list" },
  ticketEvents: { summary: "What changes in the member's tickets", query: requests.eventsQuery },
  ticket: { summary: "One ticket" },
  ticketThread: { summary: "A ticket's messages, the oldest first", query: requests.threadQuery },
  replyToTicket: { summary: "A reply, which reopens the ticket", body: requests.messageDraft },
  setTicketStatus: { summary: "Resolves a ticket, or opens it again", body: requests.statusChange },
  rateTicket: { summary: "How the member found the help, once the ticket is resolved", body: requests.rating },
  chatAvailability: { summary: "Whether the chat is open" },
  lastChat: { summary: "The member's newest conversation, ended or not" },
  chatHistory: { summary: "A conversation's messages, the newest page first", query: requests.historyQuery },
  mailTranscript: { summary: "Sends everything that was said to the member's e-mail address" },
  currentChat: { summary: "The member's conversation that is not ended" },
  openChat: { summary: "Resumes the member's conversation, or joins the queue", body: requests.chatRequest },
  sendChat: { summary: "A chat message", body: requests.messageDraft },
  chatEvents: { summary: "What happens in a conversation, from the start", query: requests.eventsQuery },
  setTyping: { summary: "Whether the member types", body: requests.typing },
  markRead: { summary: "Up to where the member has read", body: requests.read },
  closeChat: { summary: "Ends the conversation" },
  rateChat: { summary: "What the member thought of it", body: requests.rating },
  finishUpload: { summary: "Hands a whole upload to the desk; the same again gives the same attachment" },
};

/** The OpenAPI 3.1 description of the gateway under this base path. */
export function openApi(basePath: string): Json {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [name, route] of Object.entries<Route>(routes)) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the entries of `routes`
    const operation = operationOf(name as RouteName, route);
    const path = route.path.replaceAll(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation };
  }
  paths[UPLOADS_PATH] = {
    post: plain("createUpload", "Begins an upload by the tus protocol 1.0.0 (creation)", {
      "201": { description: "Its address stands in Location" },
    }),
  };
  paths[`${UPLOADS_PATH}/{id}`] = {
    head: plain("uploadOffset", "How much has arrived (tus)", { "200": { description: "Upload-Offset says" } }, [
      idParameter,
    ]),
    patch: plain("sendUpload", "The next bytes (tus)", { "204": { description: "Taken" } }, [idParameter]),
    delete: plain("dropUpload", "Gives an upload up (tus)", { "204": { description: "Gone" } }, [idParameter]),
  };
  paths[`${FILES_PATH}/{id}`] = {
    get: plain(
      "downloadFile",
      "The bytes of an attachment",
      { "200": { description: "The file", content: { "*/*": {} } } },
      [idParameter],
    ),
  };
  return {
    openapi: "3.1.1",
    info: { title: "Podpora gateway", version: "1" },
    servers: [{ url: basePath === "" ? "/" : basePath }],
    security: [{ bearer: [] }, {}],
    paths,
    components: {
      securitySchemes: { bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" } },
      schemas: { Problem: schemaOf(problemDocument, "output") },
    },
  };
}

const idParameter: Json = { name: "id", in: "path", required: true, schema: { type: "string" } };
const problem: Json = {
  description: "What went wrong (RFC 9457)",
  content: { [PROBLEM_TYPE]: { schema: { $ref: "#/components/schemas/Problem" } } },
};

function operationOf(name: RouteName, route: Route): Json {
  const { body, query, summary } = asked[name];
  const parameters: Json[] = route.path.includes(":id") ? [idParameter] : [];
  if (route.once === true) {
    const description = "The clientId of the body: the same again gives the first answer again";
    parameters.push({ name: "Idempotency-Key", in: "header", required: true, description, schema: { type: "string" } });
  }
  if (route.stream === true) {
    parameters.push({ name: "Last-Event-ID", in: "header", schema: { type: "string" } });
  }
  if (query !== undefined) parameters.push(...queryParameters(query));
  return {
    ...plain(name, summary, { [String(route.status)]: answerOf(route) }, parameters),
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { "application/json": { schema: schemaOf(body, "input") } } } }),
  };
}

function plain(operationId: string, summary: string, responses: Json, parameters: readonly Json[] = []): Json {
  return { operationId, summary, parameters, responses: { ...responses, default: problem } };
}

function answerOf({ answer, stream, status }: Route): Json {
  if (answer === undefined) return { description: status === 204 ? "Done" : "OK" };
  const type = stream === true ? "text/event-stream" : "application/json";
  const description = stream === true ? "Server-sent events; the data of each is as described" : "OK";
  return { description, content: { [type]: { schema: schemaOf(answer, "output") } } };
}

function queryParameters(schema: GenericSchema): readonly Json[] {
  const { properties = {}, required = [] } = schemaOf(schema, "input");
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: "query",
    required: required.includes(name),
    schema: property,
  }));
}

function schemaOf(schema: GenericSchema, typeMode: "input" | "output") {
  const { $schema: _dialect, ...rest } = toJsonSchema(schema, { typeMode, errorMode: "ignore" });
  return rest;
}
