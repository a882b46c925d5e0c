import autocannon from "autocannon";
import { SignJWT } from "jose";
import * as v from "valibot";
import { fieldList } from "../../../src/protocol/data.ts";
import type { Answer, Started } from "./server.ts";

/** A route as a member's widget calls it. `body` returns a new one for each call. */
export interface Measured {
  readonly name: string;
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: (clientId: string) => object;
}

export interface Figures {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const connections = 20;

type Fields = Readonly<Record<string, string>>;

/** `ticketId` is one of the member's tickets, `fields` the answers that the desk requires. */
export const routesOf = (ticketId: string, fields: Fields = {}): readonly Measured[] => [
  { name: "session", method: "GET", path: "/session" },
  { name: "list of tickets", method: "GET", path: "/tickets?filter=open" },
  { name: "unread (counts)", method: "GET", path: "/tickets/counts" },
  {
    name: "submit a ticket",
    method: "POST",
    path: "/tickets",
    body: (clientId) => ({ clientId, title: "The printer prints nothing", text: "Since Monday.", fields }),
  },
  {
    name: "send a message",
    method: "POST",
    path: `/tickets/${ticketId}/messages`,
    body: (clientId) => ({ clientId, text: "It smokes, too." }),
  },
];

export async function tokenOf(id: string, { siteSecret }: Started): Promise<string> {
  return await new SignJWT({ name: id, email: `${id}@example.org` })
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(id)
    .setAudience("podpora")
    .setIssuedAt()
    .setExpirationTime("1h")
    .sign(new TextEncoder().encode(siteSecret));
}

const headersOf = (token: string, clientId: string | undefined) => ({
  Authorization: `Bearer ${token}`,
  "Accept-Language": "en",
  ...(clientId !== undefined && { "Content-Type": "application/json", "Idempotency-Key": clientId }),
});

export async function callOnce({ origin }: Started, token: string, route: Measured): Promise<Answer> {
  const clientId = route.body && crypto.randomUUID();
  const response = await fetch(`${origin}${route.path}`, {
    method: route.method,
    headers: headersOf(token, clientId),
    ...(route.body && { body: JSON.stringify(route.body(clientId ?? "")) }),
  });
  const body = await response.text();
  if (!response.ok) throw new Error(`${route.name}: ${response.status} ${body}`);
  const given = Object.fromEntries(response.headers);
  const { connection: _c, "keep-alive": _k, date: _d, "transfer-encoding": _t, ...headers } = given;
  return { method: route.method, path: route.path, status: response.status, headers, body };
}

/** The load of 20 connections. Each submission and each message is a new one. */
export async function measureRoute(
  { origin }: Started,
  token: string,
  route: Measured,
  seconds: number,
): Promise<Figures> {
  const { body } = route;
  const result = await autocannon({
    url: origin,
    connections,
    duration: seconds,
    requests: [
      {
        method: route.method,
        path: route.path,
        headers: headersOf(token, undefined),
        ...(body && {
          setupRequest(request) {
            const clientId = crypto.randomUUID();
            return { ...request, headers: headersOf(token, clientId), body: JSON.stringify(body(clientId)) };
          },
        }),
      },
    ],
  });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${route.name}: ${result.non2xx} were refused`);
  return { perSecond: result.requests.average, p50Ms: result.latency.p50, p99Ms: result.latency.p99 };
}

/** An answer to each field that the desk requires. */
export async function requiredFields(server: Started, token: string): Promise<Fields> {
  const { body } = await callOnce(server, token, { name: "fields", method: "GET", path: "/tickets/fields" });
  const required = v.parse(fieldList, JSON.parse(body)).items.filter((field) => field.required);
  return Object.fromEntries(required.map(({ key, options = [] }) => [key, options[0]?.value ?? "x"]));
}
