import { siteToken, type Running } from "./server.ts";
import type { Member } from "../../src/core/contract/adapter.ts";

export interface Sent {
  readonly method?: string;
  readonly token?: string | undefined;
  readonly key?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One request, with an optional JSON body. */
export async function send(running: Running, path: string, sent: Sent = {}): Promise<Response> {
  const { method = sent.body === undefined ? "GET" : "POST", token, key, body, headers = {} } = sent;
  return await fetch(`${running.url}${path}`, {
    method,
    headers: {
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...(key === undefined ? {} : { "Idempotency-Key": key }),
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
}

interface Draft {
  readonly clientId: string;
  readonly [name: string]: unknown;
}

/** Sends a request that creates a record, with its own clientId. */
export async function create(running: Running, path: string, token: string | undefined, body: Draft) {
  return await send(running, path, { token, key: body.clientId, body });
}

export async function as(member: Member): Promise<string> {
  return await siteToken(member);
}

export async function guestToken(running: Running): Promise<string> {
  const answer = await send(running, "/session/guest", { method: "POST" });
  return String(Reflect.get(await json(answer), "token"));
}

export async function json(response: Response): Promise<Record<string, unknown>> {
  const value: unknown = await response.json();
  return typeof value === "object" && value !== null ? { ...value } : {};
}

export function draft(over: object = {}): Draft {
  return { clientId: crypto.randomUUID(), title: "Slovenščina - Naročilo", text: "Ne gre.", ...over };
}

export function request(over: object = {}): Draft {
  return { clientId: crypto.randomUUID(), name: "Ana", email: "ana@example.org", question: "Where?", ...over };
}
