import * as v from "valibot";
import {
  attempt,
  fault,
  good,
  heldFilesFinding,
  isAdapterError,
  risk,
  statusOf,
  type Finding,
} from "../../adapter/index.ts";
import { ownFields, pathOf, quoted, type CustomFields, type Desk } from "./desk.ts";
import { fieldOf, readField } from "./form.ts";
import * as schemas from "./schemas.ts";

type Findings = AsyncGenerator<Finding, void, undefined>;

const SEEN = 100;
const TRIED = 5;
const rightsAt = "Admin, Queues, the queue, Group rights";

/** From the address inwards; checks that a fault makes impossible are skipped. All changes are undone. */
export async function* check(desk: Desk, signal: AbortSignal): Findings {
  const { client, settings } = desk;
  const { accountId, files, hookSecret, maxFileBytes, pollMs, queue, url } = settings;
  const reached = await attempt(client.json({ path: "/rt" }, schemas.version, signal), signal);
  if ("error" in reached) return yield unreachable(url, reached.error);
  yield good(`Request Tracker ${reached.value.Version} answers at ${url}.`);
  const account = await attempt(client.json({ path: `/user/${accountId}` }, schemas.user, signal), signal);
  if ("error" in account)
    return yield fault("The account of the token cannot be read.", "Make it privileged (Admin, Users).");
  yield good(`The token is that of the account "${account.value.Name}".`);
  if (reached.value.Plugins !== undefined) {
    const fix =
      "Remove SuperUser from it (Admin, Global, User rights), and give it the rights of docs/desks/request-tracker.md.";
    yield risk("The account is a superuser: anyone with its token has full access to Request Tracker.", fix);
  }
  yield* checkUsers(desk, signal);
  const found = await attempt(
    client.json({ path: `/queue/${encodeURIComponent(queue)}` }, schemas.links, signal),
    signal,
  );
  if ("error" in found) {
    const fix = `Check the name of the queue, and give the account SeeQueue (${rightsAt}).`;
    yield fault(`There is no queue "${queue}", or the account may not see it.`, fix);
  } else {
    yield good(`The queue "${queue}" exists.`);
    const creates = found.value.some(({ ref, type }) => ref === "create" && type === "ticket");
    if (!creates) yield missing("CreateTicket", "members' tickets cannot be created");
    yield* checkFields(desk, signal);
    yield* checkTickets(desk, signal);
    const others = await attempt(
      client.json({ path: "/queues/all" }, schemas.listOf(schemas.reference), signal),
      signal,
    );
    const more = "value" in others ? others.value.items.length - 1 : 0;
    const fix = "Remove its rights there, unless another gateway uses the same account.";
    if (more > 0) yield risk(`The account sees ${more} more queues than its own.`, fix);
  }
  const limit = `Members send files of up to ${maxFileBytes} bytes. RT does not reveal its limit: docs/desks/request-tracker.md says how to set $MaxAttachmentSize.`;
  if (files === undefined) yield good("Members send no files: the option `files` is not set.");
  else yield (await heldFilesFinding(files, signal)) ?? good(limit);
  const every = `Request Tracker is polled for changes every ${pollMs / 1000} s, by one copy of the gateway`;
  yield good(hookSecret === undefined ? `${every}.` : `${every}, in addition to its signed web hook.`);
}

function unreachable(url: string, error: unknown): Finding {
  const said = isAdapterError(error) ? error.message : String(error);
  if (statusOf(error) !== 401) {
    return fault(
      `${said}.`,
      `Check whether ${url} opens in a browser on this machine, and whether it is RT's web address.`,
    );
  }
  const fix =
    "Create a new one at Logged in as, Settings, Auth Tokens, as the gateway's account; give it to the gateway.";
  return fault("Request Tracker does not accept the token.", fix);
}

async function* checkUsers({ client }: Desk, signal: AbortSignal): Findings {
  const query = JSON.stringify([{ field: "EmailAddress", operator: "=", value: "nobody@podpora.invalid" }]);
  const users = await attempt(client.json({ path: "/users", query: { query } }, schemas.anything, signal), signal);
  if ("error" in users) {
    yield fault("The account may not look up users by their address.", "Make it privileged (Admin, Users).");
  }
  // Only administrators of users can see whether other users are disabled.
  const disabled = v.object({ Disabled: v.unknown() });
  const system = await attempt(client.json({ path: "/user/RT_System" }, disabled, signal), signal);
  const fix = "Remove it (Admin, Global, Group or User rights).";
  if ("value" in system && system.value.Disabled !== undefined)
    yield risk("The account has AdminUsers, which is not needed.", fix);
}

/** The purpose of Podpora's own fields. */
const purposes: readonly (readonly [keyof CustomFields, string, string, Finding["level"]])[] = [
  ["ticket", ownFields.ref, "prevents duplicate tickets", "fault"],
  ["transaction", ownFields.ref, "prevents duplicate replies", "fault"],
  ["transaction", ownFields.member, "names the author of a reply", "risk"],
  ["ticket", ownFields.context, "shows agents the page and the browser", "risk"],
  ["ticket", ownFields.rating, "stores the member's rating", "risk"],
  ["ticket", ownFields.ratingComment, "stores the member's comment on it", "risk"],
];

async function* checkFields(desk: Desk, signal: AbortSignal): Findings {
  const fields = await desk.customFields(signal);
  const absent = purposes.filter(([kind, name]) => !fields[kind].has(name));
  for (const [kind, name, purpose, level] of absent) {
    const text = `The queue has no ${kind} custom field "${name}", or the account may not see it: it ${purpose}.`;
    const fix = `Create it (Admin, Custom fields, Create; Applies to ${kind === "ticket" ? "Tickets" : "Ticket Transactions"}), apply it to the queue, and give the account SeeCustomField and ModifyCustomField.`;
    yield { level, text, fix };
  }
  if (absent.length === 0) yield good("The queue has all of Podpora's custom fields.");
  for (const name of desk.settings.fields) {
    const id = fields.ticket.get(name);
    // oxlint-disable-next-line no-await-in-loop -- a handful, told in their order
    const field = id === undefined ? undefined : await attempt(readField(desk, id, signal), signal);
    const takeOut = 'Remove it from the option "fields"';
    if (field === undefined) {
      yield fault(`The queue has no ticket custom field "${name}".`, `${takeOut}, or apply it to the queue.`);
    } else if ("error" in field) {
      const fix = "Give it SeeCustomField on the field itself, or globally.";
      yield fault(`The account may not read the definition of the custom field "${name}".`, fix);
    } else if (fieldOf(field.value) === undefined) {
      yield fault(`The form does not support the type of "${name}" (${field.value.Type}).`, `${takeOut}.`);
    }
  }
}

async function* checkTickets(desk: Desk, signal: AbortSignal): Findings {
  const { client, settings } = desk;
  const newest = [
    ["per_page", SEEN],
    ["orderby", "id"],
    ["order", "DESC"],
  ] as const;
  const path = pathOf("/tickets", [["query", `Queue = ${quoted(settings.queue)}`], ["fields", "Status"], ...newest]);
  const { items, total } = await client.json({ path }, schemas.listOf(schemas.withStatus), signal);
  const fix = "Set $UseSQLForACLChecks to 1 in RT_SiteConfig.pm, as it is by default.";
  if (total === null) yield fault("RT does not return the number of tickets.", fix);
  if (items.length === 0) {
    const text = "The account sees no ticket in the queue, so its rights to tickets could not be checked.";
    return yield risk(
      text,
      `Give it ShowTicket, ReplyToTicket and ModifyTicket (${rightsAt}), create a ticket, and check again.`,
    );
  }
  const used = new Map(items.map(({ Status, id }) => [Status, id]));
  const tried = [...used.values()].slice(0, TRIED);
  const all = (
    await Promise.all(tried.map(async (id) => await client.json({ path: `/ticket/${id}` }, schemas.links, signal)))
  ).flat();
  const ways = all.flatMap(({ ref, to }) => (ref === "lifecycle" && to !== undefined ? [to] : []));
  if (!all.some(({ ref }) => ref === "correspond")) yield missing("ReplyToTicket", "members cannot answer");
  if (ways.length === 0) {
    const text = "It could not be checked whether the account may change a ticket's status.";
    yield risk(
      text,
      `Make sure that it has ModifyTicket (${rightsAt}): without it, members can neither resolve nor reopen.`,
    );
  }
  const where = `TicketQueue = ${quoted(settings.queue)} AND Type = 'Comment'`;
  const comments = await desk.transactions({ where, limit: 1 }, signal);
  const needless: readonly (readonly [right: string, has: boolean])[] = [
    ["DeleteTicket", ways.includes("deleted")],
    ["CommentOnTicket", all.some(({ ref }) => ref === "comment")],
    ["ShowTicketComments", comments.length > 0],
  ];
  for (const [right, has] of needless) {
    const takeAway = `Remove it (${rightsAt}, or Global).`;
    if (has) yield risk(`The account has ${right} in the queue, which is not needed.`, takeAway);
  }
  yield* checkStatuses(desk, new Set([...used.keys(), ...ways]));
}

/** RT does not list a lifecycle's statuses over REST: only those in use can be seen. */
function* checkStatuses({ settings, statuses }: Desk, seen: ReadonlySet<string>): Generator<Finding, void, undefined> {
  const { awaiting, open, reopenTo, resolved } = settings.statuses;
  yield good(`Statuses seen in the queue: ${[...seen].join(", ")}.`);
  const unknown = [...seen].filter((name) => name !== "deleted" && statuses.label(name) !== undefined).join(", ");
  if (unknown !== "") {
    const text = `No list of the option "statuses" has ${unknown}: members see such tickets as open, with that name.`;
    yield risk(text, "Put each into open, awaiting or resolved.");
  }
  const lower = new Set([...seen].map((name) => name.toLowerCase()));
  const configured = new Set([...open, ...awaiting, ...resolved, reopenTo]);
  const unseen = [...configured].filter((name) => !lower.has(name.toLowerCase())).join(", ");
  const fix = "Check whether they are spelt as in the queue's lifecycle (Admin, Lifecycles).";
  if (unseen !== "") yield risk(`Not in use so far: ${unseen}, of the option "statuses".`, fix);
}

function missing(right: string, consequence: string): Finding {
  return fault(`The account lacks ${right} in the queue: ${consequence}.`, `Give it that right (${rightsAt}).`);
}
