import type { Finding } from "../../core/contract/adapter.ts";
import { isAdapterError } from "../../core/contract/errors.ts";
import { attempt } from "../shared/attempt.ts";
import { answerOf, statusOf } from "../shared/desk-refusal.ts";
import { fault, good, risk } from "../shared/finding.ts";
import type { Api } from "./api.ts";
import { checkIssueFields } from "./check-fields.ts";
import { checkProject } from "./check-project.ts";
import { checkRole } from "./check-role.ts";
import type { Settings } from "./options.ts";
import { unknownStatuses } from "./status-names.ts";
import * as schemas from "./schemas.ts";

export function createCheck(api: Api, settings: Settings): (signal: AbortSignal) => AsyncIterable<Finding> {
  const { own } = api;
  return async function* check(signal) {
    const account = await ownAccount(api, settings, signal);
    yield* account.findings;
    if (!account.goOn) return;
    const tracker = yield* checkProject(own, settings, signal);
    const role = yield* checkRole(own, settings, signal);
    const { issue_statuses: statuses } = await own.json({ path: "/issue_statuses.json" }, schemas.statuses, signal);
    const names = statuses.map(({ name }) => name);
    yield* checkStatuses(names, settings);
    const { custom_fields: fields } = await own.json({ path: "/custom_fields.json" }, schemas.customFields, signal);
    const ofIssues = fields.filter((field) => field.customized_type === "issue");
    yield* checkIssueFields(ofIssues, settings, role, tracker);
    yield await checkFiles(api, settings, signal);
  };
}

interface Account {
  readonly findings: readonly Finding[];
  readonly goOn: boolean;
}

async function ownAccount({ own }: Api, { url }: Settings, signal: AbortSignal): Promise<Account> {
  const answer = await attempt(own.json({ path: "/users/current.json" }, schemas.user, signal), signal);
  if ("error" in answer) return { findings: [unreachable(answer.error, url)], goOn: false };
  const { user } = answer.value;
  const reached = good(`Redmine answers at ${url}, and the key is "${user.login}"'s. Its version it does not tell.`);
  if (!user.admin) {
    const fix = "Use an administrator's key: Redmine lets no other account act in a member's name.";
    return { findings: [reached, fault(`"${user.login}" is no administrator.`, fix)], goOn: false };
  }
  const text = `"${user.login}" is an administrator: whoever has the key may do everything in this Redmine.`;
  const fix = "Redmine offers no less. Keep an account for the gateway alone, and its key in the environment only.";
  return { findings: [reached, risk(text, fix)], goOn: true };
}

function unreachable(error: unknown, url: string): Finding {
  const status = statusOf(error);
  if (status === 401 || status === 403) {
    const fix =
      '"My account" of the gateway\'s account shows its API access key. REST must be on: Administration → Settings → API.';
    return fault("Redmine does not take the key.", fix);
  }
  const why = isAdapterError(error) ? error.message : String(error);
  return fault(`Redmine cannot be used: ${why}.`, `Look whether it runs, and at the option "url": ${url}.`);
}

function* checkStatuses(names: readonly string[], settings: Settings): Generator<Finding> {
  const { statuses } = settings;
  const configured = [...statuses.open, ...statuses.awaiting, ...statuses.resolved];
  for (const { option, name } of unknownStatuses(settings, names)) {
    yield fault(`There is no status "${name}".`, `Name in the option "${option}" what there is: ${names.join(", ")}.`);
  }
  const rest = names.filter((name) => !configured.includes(name));
  const found = configured.filter((name) => names.includes(name));
  yield good(`Statuses: ${found.join(", ")}.`);
  if (rest.length > 0) yield good(`Named nowhere in "statuses", and so shown as open: ${rest.join(", ")}.`);
}

/** Redmine does not tell its limit: a file of the greatest size is sent, and deleted at once. */
async function checkFiles({ own }: Api, { maxFileBytes }: Settings, signal: AbortSignal): Promise<Finding> {
  const call = {
    method: "POST",
    path: "/uploads.json",
    query: { filename: "podpora-check.bin" },
    body: new Blob([new Uint8Array(maxFileBytes)]),
    headers: { "Content-Type": "application/octet-stream" },
  } as const;
  const pass = async (): Promise<void> => {
    const { upload } = await own.json(call, schemas.upload, signal);
    await own.done({ method: "DELETE", path: `/attachments/${upload.id}.json` }, signal);
  };
  const passed = await attempt(pass(), signal);
  if ("value" in passed) return good(`Files of ${maxFileBytes} bytes pass.`);
  const why = answerOf(passed.error) || String(passed.error);
  const fix = 'Raise Administration → Settings → Files → Maximum attachment size, or lower the option "maxFileBytes".';
  return fault(`A file of ${maxFileBytes} bytes does not pass: ${why}`, fix);
}
