import type { Finding } from "../../core/contract/adapter.ts";
import type { DeskClient } from "../shared/desk-client.ts";
import { fault, good, risk } from "../shared/finding.ts";
import type { Settings } from "./options.ts";
import * as schemas from "./schemas.ts";

/** What the members' role needs, by the names on Redmine's own page for roles. */
const needed: Readonly<Record<string, string>> = {
  view_issues: "View issues",
  add_issues: "Add issues",
  add_issue_notes: "Add notes",
  edit_own_issues: "Edit own issues",
};

/** What a member has no need of, and why not. */
const risky: Readonly<Record<string, readonly [name: string, why: string]>> = {
  view_private_notes: ["View private notes", "members could read what agents write for each other"],
  edit_issues: ["Edit issues", "members could change each other's tickets"],
  delete_issues: ["Delete issues", "members could delete tickets"],
  edit_issue_notes: ["Edit notes", "members could change what agents wrote"],
  manage_members: ["Manage members", "members could give themselves other roles"],
  edit_project: ["Edit project", "members could change the project"],
  add_project: ["Create project", "members could make projects"],
};

/** Gives the role's id, where there is one. */
export async function* checkRole(
  own: DeskClient,
  { role: name }: Settings,
  signal: AbortSignal,
): AsyncGenerator<Finding, number | undefined> {
  const { roles } = await own.json({ path: "/roles.json" }, schemas.roles, signal);
  const id = roles.find((one) => one.name === name)?.id;
  if (id === undefined) {
    yield fault(`There is no role "${name}".`, "Administration → Roles and permissions → New role.");
    return undefined;
  }
  const { role } = await own.json({ path: `/roles/${id}.json` }, schemas.role, signal);
  const at = `Administration → Roles and permissions → ${name}`;
  const lacking = Object.entries(needed).filter(([key]) => !role.permissions.includes(key));
  for (const [, label] of lacking) yield fault(`The role "${name}" may not "${label}".`, `${at}: tick it.`);
  if (lacking.length === 0) yield good(`The role "${name}" may do what members need.`);
  for (const key of role.permissions) {
    const [label, why] = risky[key] ?? [];
    if (label !== undefined) yield risk(`The role "${name}" may "${label}": ${why}.`, `${at}: untick it.`);
  }
  if (role.issues_visibility !== "own") {
    const text = `The role "${name}" sees other members' issues in Redmine: the adapter alone keeps them apart.`;
    yield risk(text, `${at} → Issues visibility: "Issues created by or assigned to the user".`);
  }
  return id;
}
