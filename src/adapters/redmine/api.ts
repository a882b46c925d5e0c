import { AdapterError, isAdapterError } from "../../core/contract/errors.ts";
import { createDeskClient, type DeskCall, type DeskClient } from "../shared/desk-client.ts";
import { createDeskGuard, type DeskGuard } from "../shared/desk-guard.ts";
import { statusOf } from "../shared/desk-refusal.ts";
import type { Settings } from "./options.ts";

/** Redmine's REST API: https://www.redmine.org/projects/redmine/wiki/rest_api */
export interface Api {
  /** As the gateway's own account. */
  readonly own: DeskClient;
  /** As the user with this login: what they may not do, Redmine itself refuses. */
  as(login: string): DeskClient;
  /** As nobody: the call brings its own authorization. */
  readonly bare: DeskClient;
  readonly guard: DeskGuard;
}

export function createApi({ url, key, callMs }: Settings): Api {
  const client = { desk: "Redmine", url, callMs, guard: createDeskGuard("Redmine") };
  const own = createDeskClient({ ...client, headers: { "X-Redmine-API-Key": key } });
  return {
    own,
    as(login) {
      const by = (call: DeskCall): DeskCall => ({
        ...call,
        headers: { ...call.headers, "X-Redmine-Switch-User": login },
      });
      return {
        json: async (call, schema, signal) => await own.json(by(call), schema, signal).catch(whoIsGone),
        done: async (call, signal) => await own.done(by(call), signal).catch(whoIsGone),
        bytes: async (call, signal) => await own.bytes(by(call), signal).catch(whoIsGone),
      };
    },
    bare: createDeskClient({ ...client, headers: {} }),
    guard: client.guard,
  };
}

/** Redmine's answer to a user who was deleted or locked a moment ago: it is not away. */
function whoIsGone(error: unknown): never {
  if (statusOf(error) !== 412) throw error;
  throw new AdapterError("forbidden", "Redmine does not let anybody act for the member's user any more", {
    cause: error,
  });
}

/** Not yours is not there: what Redmine does not show the member, in the same words. */
export function notFound(what: string): AdapterError {
  return new AdapterError("not-found", `there is no ${what}`);
}

/** Redmine's ids are small numbers: what cannot be one is not asked for. */
export function idOf(text: string): number | undefined {
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}

/** A 403 or 404 for what is asked for by its id. */
export function isHidden(error: unknown): boolean {
  return [403, 404].includes(statusOf(error) ?? 0);
}

/** The member's role is refused what it needs: the desk's set-up is wrong, and nothing that the member could mend. */
export function lacksRight(error: unknown, role: string, right: string): unknown {
  if (!isAdapterError(error) || statusOf(error) !== 403) return error;
  return new AdapterError(
    "unavailable",
    `Redmine refuses: give the role "${role}" the permission "${right}", and look whether the project is open`,
    { cause: error },
  );
}
