import { PROBLEM_TYPE, problemDocument } from "../protocol/problems.ts";
import { routes, type Route, type RouteName } from "../protocol/routes.ts";
import { PROTOCOL_VERSION } from "../protocol/version.ts";
import { plainOperations } from "./openapi-files.ts";
import { operations, type Operation } from "./openapi-operations.ts";
import { namedSchemas, queryParameters, schemaRef, type Json } from "./openapi-schemas.ts";

export interface Served {
  readonly basePath: string;
  /** Its routes, below its base path. Routes for features that the desk does not have are absent. */
  readonly routes: readonly { readonly method: string; readonly path: string }[];
}

const names = Object.keys(routes).filter((name): name is RouteName => name in routes);

/** The OpenAPI 3.1 description of a gateway. */
export function openApi({ basePath, routes: served }: Served): Json {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const { method, path } of served) {
    const found = describe(method, path);
    if (found === undefined) continue;
    const [verb, operation] = found;
    const at = path.replace(/^\/hooks\/.*/, "/hooks/{name}").replaceAll(/:(\w+)(\{.*?\})?/g, "{$1}");
    paths[at] = { ...paths[at], [verb]: operation };
  }
  return {
    openapi: "3.1.1",
    info: {
      title: "Podpora gateway",
      version: PROTOCOL_VERSION,
      description: "The requests of the Podpora widget, for the desk behind this gateway.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: basePath === "" ? "/" : basePath }],
    tags: [
      { name: "session", description: "The caller" },
      { name: "tickets", description: "Issues, and the replies to them" },
      { name: "chat", description: "Live chat" },
      { name: "files", description: "Attachments" },
      { name: "gateway", description: "Other addresses of the gateway" },
    ],
    security: [{ bearer: [] }],
    paths,
    components: {
      securitySchemes: { bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" } },
      responses: Object.fromEntries(
        Object.entries(refusals).map(([status, description]) => [`Status${status}`, problemResponse(description)]),
      ),
      schemas: schemasFor(paths),
    },
  };
}

/** Without a feed, the adapter has no route that uses `UnreadTickets`. */
function schemasFor(paths: unknown): Json {
  const { UnreadTickets, ...always } = namedSchemas();
  return JSON.stringify(paths).includes("UnreadTickets") ? { ...always, UnreadTickets } : always;
}

function describe(method: string, path: string): readonly [verb: string, operation: Json] | undefined {
  const name = names.find((each) => routes[each].method === method && routes[each].path === path);
  if (name !== undefined) return [method.toLowerCase(), protocolOperation(name, routes[name], operations[name])];
  if (path.startsWith("/hooks/")) return ["post", hook];
  const plain = plainOperations[`${method} ${path}`];
  if (plain === undefined) return undefined;
  const { id, summary, tag, access, responses, parameters = [], requestBody } = plain;
  // The tus client only uses HEAD for uploads.
  const verb = id === "uploadOffset" ? "head" : method.toLowerCase();
  return [
    verb,
    {
      operationId: id,
      summary,
      tags: [tag],
      security: access === "public" ? [] : [{ bearer: [] }],
      ...parametersOf([...idIn(path), ...parameters]),
      ...(requestBody && { requestBody }),
      responses: { ...responses, ...refusalsOf(access === "public" ? [404, 429] : [401, 403, 404, 422, 429, 503]) },
    },
  ];
}

const hook: Json = {
  operationId: "hook",
  summary: "A web hook of the desk",
  tags: ["gateway"],
  security: [],
  parameters: [{ name: "name", in: "path", required: true, schema: { type: "string" } }],
  requestBody: { required: true, content: { "*/*": { schema: {} } } },
  responses: { "204": { description: "Heard" }, ...refusalsOf([403, 404, 413, 429]) },
};

function protocolOperation(name: RouteName, route: Route, { summary, tag, access, body, query }: Operation): Json {
  const isWrite = route.method !== "GET";
  const statuses = [
    401,
    ...(tag === "session" ? [] : [403]),
    ...(route.path.includes(":id") ? [404] : []),
    ...(route.once ? [409] : []),
    410,
    ...(isWrite ? [413, 415] : []),
    422,
    429,
    500,
    502,
    503,
    504,
  ];
  return {
    operationId: name,
    summary,
    tags: [tag],
    security: access === "token" ? [{ bearer: [] }] : [{ bearer: [] }, {}],
    ...parametersOf([...idIn(route.path), ...headersOf(route), ...(query === undefined ? [] : queryParameters(query))]),
    ...(body && { requestBody: { required: true, content: { "application/json": { schema: schemaRef(body) } } } }),
    responses: { [String(route.status)]: answerOf(route), ...refusalsOf(statuses) },
  };
}

const idIn = (path: string): readonly Json[] =>
  path.includes(":id") ? [{ name: "id", in: "path", required: true, schema: { type: "string" } }] : [];

const parametersOf = (parameters: readonly Json[]): Json => (parameters.length === 0 ? {} : { parameters });

function headersOf({ once, stream }: Route): readonly Json[] {
  const schema = { type: "string" };
  const key = "The `clientId` of the body: a retry returns the first answer";
  return [
    ...(once ? [{ name: "Idempotency-Key", in: "header", required: true, description: key, schema }] : []),
    ...(stream
      ? [{ name: "Last-Event-ID", in: "header", required: false, description: "Resumes after this event", schema }]
      : []),
  ];
}

function answerOf({ answer, stream, made }: Route): Json {
  const location = { Location: { description: "The address of the record", schema: { type: "string" } } };
  const headers = made === undefined ? {} : { headers: location };
  if (answer === undefined) return { description: "Done", ...headers };
  const type = stream ? "text/event-stream" : "application/json";
  const description = stream ? "Server-sent events; the schema describes the data of each" : "The answer";
  return { description, ...headers, content: { [type]: { schema: schemaRef(answer) } } };
}

/** RFC 9457. */
function problemResponse(description: string): Json {
  return { description, content: { [PROBLEM_TYPE]: { schema: schemaRef(problemDocument) } } };
}

function refusalsOf(statuses: readonly number[]): Json {
  return Object.fromEntries(
    statuses.map((status) => [String(status), { $ref: `#/components/responses/Status${status}` }]),
  );
}

const refusals: Readonly<Record<number, string>> = {
  401: "The token is missing or invalid",
  403: "This is not open to the caller",
  404: "The caller has no such record",
  409: "The first call with this key is still running",
  410: "The caller speaks another version of the protocol",
  413: "The body is too large",
  415: "The body is not JSON",
  422: "A value is invalid; `fields` says which",
  429: "Too many requests; `Retry-After` says how long to wait",
  500: "Something went wrong",
  502: "The desk cannot be reached",
  503: "The desk is not available",
  504: "The desk did not answer in time",
};
