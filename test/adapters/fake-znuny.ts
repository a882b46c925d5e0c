import type { IncomingMessage, ServerResponse } from "node:http";
import { sendJson } from "../../src/testing/index.ts";

type Data = Readonly<Record<string, unknown>>;
/** Returns undefined for the default answer. */
export type Own = (operation: string, data: Data) => unknown;

export const refusal = (code: string, message: string) => ({ Error: { ErrorCode: code, ErrorMessage: message } });

export const rawTicket = (id: string, more: Data = {}) => ({
  TicketID: id,
  TicketNumber: `2026${id}`,
  Title: `Ticket ${id}`,
  State: "new",
  StateType: "new",
  Queue: "Support",
  CustomerUserID: "ana@example.org",
  Created: "2026-11-23 08:00:00",
  Changed: "2026-11-23 08:00:00",
  Age: 60,
  ...more,
});

export const rawArticle = (id: string, more: Data = {}) => ({
  ArticleID: id,
  SenderType: "customer",
  From: "ana@example.org",
  Body: `Words ${id}`,
  CreateTime: "2026-11-23 08:00:00",
  CreateBy: "2",
  IsVisibleForCustomer: 1,
  ...more,
});

const usual: Readonly<Record<string, (data: Data) => unknown>> = {
  SessionCreate: () => ({ SessionID: "a-session" }),
  SessionGet: () => ({ SessionData: [{ Key: "UserID", Value: "2" }] }),
  SessionRemove: () => ({ Success: 1 }),
  TicketCreate: () =>
    refusal("TicketCreate.MissingParameter", "TicketCreate: Attachment->Content  parameter is missing!"),
  TicketSearch: () => ({}),
  TicketGet: () => refusal("TicketGet.AccessDenied", "TicketGet: User does not have access to the ticket!"),
  TicketHistoryGet: ({ TicketID: ids }) => ({
    TicketHistory: (Array.isArray(ids) ? ids : [ids]).map((id) => ({ TicketID: id, History: [] })),
  }),
  TicketUpdate: ({ TicketID: id }) => ({ TicketID: id }),
};

/** A fake with default answers to the adapter's first calls; `own` answers first. */
export function znunyAnswers(own: Own) {
  return (call: IncomingMessage, answer: ServerResponse): void => {
    let body = "";
    call.on("data", (chunk: Buffer) => (body += chunk.toString()));
    call.once("end", () => {
      const operation = (call.url ?? "").split("/").at(-1) ?? "";
      const data: Data = JSON.parse(body);
      sendJson(answer, own(operation, data) ?? usual[operation]?.(data) ?? {});
    });
  };
}
