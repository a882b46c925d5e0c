import type { Adapter, EraseOptions, Erasure, Member } from "../../core/contract/adapter.ts";
import { counted } from "../shared/erasures.ts";
import { verifiedMember } from "../shared/verified-email.ts";
import type { Facts } from "./facts.ts";
import type { Desk } from "./issues.ts";
import * as schemas from "./schemas.ts";
import { createUsers } from "./users.ts";

/** Erases the member's issues in the project, and their user where it is of no other use. */
export function createErase({ api, facts, settings }: Desk): NonNullable<Adapter["erase"]> {
  const { own } = api;
  const users = createUsers(own);

  /** As an administrator: also those that the member may not see any more. */
  async function issuesBy(userId: number, signal: AbortSignal): Promise<readonly schemas.Issue[]> {
    const found: schemas.Issue[] = [];
    for (let offset = 0; ; offset += 100) {
      const query = { author_id: userId, status_id: "*", sort: "id", limit: 100, offset };
      // oxlint-disable-next-line no-await-in-loop -- one page after the other
      const page = await own.json({ path: "/issues.json", query }, schemas.issues, signal);
      found.push(...page.issues.filter(({ author }) => author?.id === userId));
      if (page.issues.length === 0 || offset + 100 >= page.total_count) return found;
    }
  }

  async function* eraseUser(user: schemas.User, { gatewayId, projectId, roleId }: Facts, how: EraseOptions) {
    const { remove, signal } = how;
    const elsewhere = user.memberships.filter(({ project }) => project.id !== projectId);
    const roles = user.memberships.filter(({ project }) => project.id === projectId).flatMap((one) => one.roles);
    if (user.admin || user.id === gatewayId || roles.some(({ id }) => id !== roleId)) {
      yield kept(`Everything of the user "${user.login}": they are an administrator, or work in the project.`, HAND);
      return;
    }
    const all = await issuesBy(user.id, signal);
    const issues = all.filter(({ project }) => project.id === projectId);
    for (const { id } of remove === true ? issues : []) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await own.done({ method: "DELETE", path: `/issues/${id}.json` }, signal);
    }
    if (issues.length > 0) {
      const numbers = issues.map(({ id }) => `#${id}`);
      yield erased(`${counted(numbers, "issue")}, with all notes, files and booked hours.`);
    }
    const others = all.length - issues.length;
    if (others > 0) yield kept(`${others} issues that they wrote in other projects.`, HAND);
    if (elsewhere.length > 0 || others > 0) {
      yield kept(`The user "${user.login}": they take part in other projects.`, HAND);
      return;
    }
    if (remove === true) await own.done({ method: "DELETE", path: `/users/${user.id}.json` }, signal);
    yield erased(`The user "${user.login}". What they wrote elsewhere is Anonymous's.`);
  }

  return async function* erase(member: Member, how: EraseOptions): AsyncIterable<Erasure> {
    // Who has not signed in has no tickets here.
    if (member.guest === true) return;
    if (member.email === undefined) {
      yield kept("Everything: Redmine knows members by their e-mail address.", "Name it: --email ana@example.org.");
      return;
    }
    const { signal } = how;
    const { email } = verifiedMember({ member, signal, locale: "en" });
    const [ids, names] = await Promise.all([users.idsOf(email, signal), facts(signal)]);
    for (const id of ids) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const user = await users.byId(id, signal);
      if (user !== undefined) yield* eraseUser(user, names, how);
    }
    if (ids.length > 0) {
      const text = `What agents wrote about them in issues of other people, or moved out of the project ${settings.project}.`;
      yield kept(text, `Search Redmine for ${email}.`);
    }
  };
}

const HAND = "Decide in Redmine: Administration, Users.";
const erased = (text: string): Erasure => ({ outcome: "erased", text });
const kept = (text: string, fix: string): Erasure => ({ outcome: "kept", text, fix });
