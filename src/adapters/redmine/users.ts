import type { DeskClient } from "../shared/desk-client.ts";
import { statusOf } from "../shared/desk-refusal.ts";
import * as schemas from "./schemas.ts";

/** Redmine's users, as an administrator sees them. */
export interface Users {
  /** Undefined: there is none with this number. */
  byId(id: number, signal: AbortSignal): Promise<schemas.User | undefined>;
  /** All that have this address, in lower case, locked ones too. */
  idsOf(email: string, signal: AbortSignal): Promise<readonly number[]>;
}

export function createUsers(own: DeskClient): Users {
  return {
    async byId(id, signal) {
      const ask = { path: `/users/${id}.json`, query: { include: "memberships" } };
      const answer = await own.json(ask, schemas.user, signal).catch((error: unknown) => {
        if (statusOf(error) !== 404) throw error;
        return undefined;
      });
      return answer?.user;
    },
    /** Redmine looks for parts of names and addresses, whatever the case: what it finds is held against the whole. */
    async idsOf(email, signal) {
      const ids: number[] = [];
      for (let offset = 0; ; offset += 100) {
        const query = { name: email, status: "", limit: 100, offset };
        // oxlint-disable-next-line no-await-in-loop -- one page after the other
        const page = await own.json({ path: "/users.json", query }, schemas.users, signal);
        ids.push(...page.users.flatMap(({ id, mail }) => (mail?.toLowerCase() === email ? [id] : [])));
        if (page.users.length === 0 || offset + 100 >= page.total_count) return ids;
      }
    },
  };
}
