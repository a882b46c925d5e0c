import * as v from "valibot";
import type { Finding } from "../../core/contract/adapter.ts";
import { isAdapterError } from "../../core/contract/errors.ts";
import { attempt } from "../shared/attempt.ts";
import { statusOf } from "../shared/desk-refusal.ts";
import { fault, good, risk } from "../shared/finding.ts";
import { checkQueue } from "./check-queue.ts";
import type { Desk } from "./desk.ts";
import { listOf, reference, user as userSchema, version as versionSchema } from "./schemas.ts";

const anyRecord = v.record(v.string(), v.unknown());

/** From the address inwards; what cannot be seen because of a fault is left out. Nothing that it does stays. */
export async function* check(desk: Desk, signal: AbortSignal): AsyncGenerator<Finding, void, undefined> {
  const { settings, client } = desk;
  const reached = await attempt(client.json({ path: "/rt" }, versionSchema, signal), signal);
  if ("error" in reached) {
    yield unreachable(desk, reached.error);
    return;
  }
  yield good(`Request Tracker ${reached.value.Version} answers at ${settings.url}.`);
  const account = await attempt(client.json({ path: `/user/${settings.accountId}` }, userSchema, signal), signal);
  if ("error" in account) {
    yield fault("The account of the token cannot be read.", "Let it be privileged (Admin, Users).");
    return;
  }
  yield good(`The token is that of the account "${account.value.Name}".`);
  if (reached.value.Plugins !== undefined) {
    yield risk(
      "The account is a superuser: whoever has its token has all of Request Tracker.",
      "Take SuperUser from it (Admin, Global, User rights), and give it the rights of docs/desks/request-tracker.md.",
    );
  }
  yield* checkUsers(desk, signal);
  yield* checkQueue(desk, signal);
  yield await checkFiles(desk, signal);
  const { pollMs, hookSecret } = settings;
  const asked = `Request Tracker is asked for changes every ${pollMs / 1000} s while somebody listens`;
  yield good(hookSecret === undefined ? `${asked}.` : `${asked}, besides its signed web hook.`);
}

function unreachable(desk: Desk, error: unknown): Finding {
  const said = isAdapterError(error) ? error.message : String(error);
  if (statusOf(error) === 401) {
    const fix =
      "Make a new one at Logged in as, Settings, Auth Tokens, as the gateway's account; give it to the gateway.";
    return fault("Request Tracker does not take the token.", fix);
  }
  return fault(
    `${said}.`,
    `Look whether ${desk.settings.url} opens in a browser from this machine, and whether it is RT's web address.`,
  );
}

async function* checkUsers(desk: Desk, signal: AbortSignal): AsyncGenerator<Finding, void, undefined> {
  const query = JSON.stringify([{ field: "EmailAddress", operator: "=", value: "nobody@podpora.invalid" }]);
  const users = await attempt(
    desk.client.json({ path: "/users", query: { query } }, listOf(reference), signal),
    signal,
  );
  if ("error" in users) {
    yield fault("The account may not look up users by their address.", "Let it be privileged (Admin, Users).");
  }
  // Only who administers users is told of others whether they are disabled.
  const system = await attempt(desk.client.json({ path: "/user/RT_System" }, anyRecord, signal), signal);
  if ("value" in system && "Disabled" in system.value) {
    yield risk(
      "The account has AdminUsers, which is not needed.",
      "Take it away (Admin, Global, Group or User rights).",
    );
  }
}

async function checkFiles({ settings }: Desk, signal: AbortSignal): Promise<Finding> {
  const { files, maxFileBytes } = settings;
  if (files === undefined) return good("Members send no files: there is no place to hold them.");
  const hold = async (): Promise<void> => {
    const { id } = await files.hold(
      new File(["x"], "check.txt", { type: "text/plain" }),
      "podpora check",
      undefined,
      signal,
    );
    await files.release(id, "podpora check");
  };
  const held = await attempt(hold(), signal);
  if ("error" in held)
    return fault("Files cannot be held.", `${String(held.error)}. Look at the directory of filesIn().`);
  return good(
    `Members send files of up to ${maxFileBytes} bytes. RT tells its limit to nobody: see docs/desks/request-tracker.md for how its $MaxAttachmentSize has to stand.`,
  );
}
