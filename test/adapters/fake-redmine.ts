import type { IncomingMessage, ServerResponse } from "node:http";
import { sendJson } from "../../src/testing/index.ts";

/** The user of ana@example.org: a customer in the project "help". */
export const ana = {
  id: 11,
  login: "ana@example.org",
  firstname: "Ana",
  lastname: "-",
  mail: "ana@example.org",
  status: 1,
  memberships: [{ project: { id: 1, name: "Help" }, roles: [{ id: 4, name: "Customer" }] }],
};

const field = (id: number, name: string) => ({
  id,
  name,
  customized_type: "issue",
  field_format: "string",
  is_filter: true,
});

export const redmineFacts: Readonly<Record<string, unknown>> = {
  "/users/current.json": { user: { id: 2, login: "gateway", admin: true } },
  "/issue_statuses.json": {
    issue_statuses: ["New", "In Progress", "Feedback", "Resolved", "Closed", "Rejected"].map((name, at) => ({
      id: at + 1,
      name,
    })),
  },
  "/projects/help.json": {
    project: {
      id: 1,
      name: "Help",
      trackers: [{ id: 3, name: "Support" }],
      enabled_modules: [{ name: "issue_tracking" }],
    },
  },
  "/roles.json": { roles: [{ id: 4, name: "Customer" }] },
  "/custom_fields.json": { custom_fields: [field(8, "Podpora Ref"), field(9, "Podpora Reply")] },
  "/users.json": { users: [{ id: ana.id, mail: ana.mail }], total_count: 1 },
  [`/users/${ana.id}.json`]: { user: ana },
  "/issues.json": { issues: [], total_count: 0 },
};

/** A Redmine with the answers that the adapter always needs; `own` answers first, and returns whether it has. */
export function redmineAnswers(own: (path: string, answer: ServerResponse, query: URLSearchParams) => boolean) {
  return (call: IncomingMessage, answer: ServerResponse): void => {
    const { pathname, searchParams } = new URL(call.url ?? "/", "http://redmine.example.org");
    if (own(pathname, answer, searchParams)) return;
    const known = redmineFacts[pathname];
    sendJson(answer, known ?? {}, known === undefined ? 404 : 200);
  };
}
