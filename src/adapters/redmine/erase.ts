import { counted, eraseByAddress, type Adapter, type EraseOptions, type Erasure } from "../../adapter/index.ts";
import type { Desk, Facts } from "./desk.ts";
import * as schemas from "./schemas.ts";

/** Erases the member's issues in the project, and their user if it has no other role. */
export function createErase({ api, facts, people, settings }: Desk): NonNullable<Adapter["erase"]> {
  const { own } = api;

  /** As an administrator, to include issues that the member can no longer see. */
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
      yield erased(`${counted(numbers, "issue")}, with all notes, files and time entries.`);
    }
    const others = all.length - issues.length;
    if (others > 0) yield kept(`${others} issues that they wrote in other projects.`, HAND);
    if (elsewhere.length > 0 || others > 0) {
      yield kept(`The user "${user.login}": they have a role in other projects.`, HAND);
      return;
    }
    if (remove === true) await own.done({ method: "DELETE", path: `/users/${user.id}.json` }, signal);
    yield erased(`The user "${user.login}". What they wrote elsewhere becomes Anonymous's.`);
  }

  return eraseByAddress("Redmine", async function* erase(email, how) {
    const { signal } = how;
    const [ids, names] = await Promise.all([people.users.idsOf(email, signal), facts(signal)]);
    for (const id of ids) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const user = await people.users.byId(id, signal);
      if (user !== undefined) yield* eraseUser(user, names, how);
    }
    if (ids.length > 0) {
      const text = `What agents wrote about them in issues of other people, or moved out of the project ${settings.project}.`;
      yield kept(text, `Search Redmine for ${email}.`);
    }
  });
}

const HAND = "Decide in Redmine: Administration, Users.";
const erased = (text: string): Erasure => ({ outcome: "erased", text });
const kept = (text: string, fix: string): Erasure => ({ outcome: "kept", text, fix });
