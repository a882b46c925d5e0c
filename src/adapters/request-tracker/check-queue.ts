import * as v from "valibot";
import type { Finding } from "../../core/contract/adapter.ts";
import { attempt } from "../shared/attempt.ts";
import { fault, good, risk } from "../shared/finding.ts";
import { ownFields, pathOf, type CustomFields, type Desk } from "./desk.ts";
import { fieldOf, readField } from "./fields.ts";
import { listOf, reference } from "./schemas.ts";
import { quoted } from "./sql.ts";
import { labelOf } from "./statuses.ts";
import { transactionsOf } from "./transactions.ts";

const links = v.pipe(
  v.object({
    _hyperlinks: v.array(v.object({ ref: v.string(), to: v.optional(v.string()), type: v.optional(v.string()) })),
  }),
  v.transform((answer) => answer["_hyperlinks"]),
);
type Links = v.InferOutput<typeof links>;
const withStatus = v.object({ ...reference.entries, Status: v.string() });

const SEEN = 100;
const TRIED = 5;
const rightsAt = "Admin, Queues, the queue, Group rights";

export async function* checkQueue(desk: Desk, signal: AbortSignal): AsyncGenerator<Finding, void, undefined> {
  const { settings, client } = desk;
  const { queue } = settings;
  const found = await attempt(client.json({ path: `/queue/${encodeURIComponent(queue)}` }, links, signal), signal);
  if ("error" in found) {
    yield fault(
      `There is no queue "${queue}", or the account may not see it.`,
      `Look how the queue is written, and give the account SeeQueue (${rightsAt}).`,
    );
    return;
  }
  yield good(`The queue "${queue}" is there.`);
  const creates = found.value.some((link) => link.ref === "create" && link.type === "ticket");
  if (!creates) yield missing("CreateTicket", "members' tickets cannot be made");
  yield* checkCustomFields(desk, signal);
  yield* checkTickets(desk, signal);
  const others = await attempt(client.json({ path: pathOf("/queues/all", []) }, listOf(reference), signal), signal);
  if ("value" in others && others.value.items.length > 1) {
    yield risk(
      `The account sees ${others.value.items.length - 1} more queues than its own.`,
      "Take its rights there away, unless another gateway works with the same account.",
    );
  }
}

async function* checkCustomFields(desk: Desk, signal: AbortSignal): AsyncGenerator<Finding, void, undefined> {
  const fields = await desk.customFields(signal);
  const wanted: readonly (readonly [keyof CustomFields, string, string, Finding["level"]])[] = [
    ["ticket", ownFields.ref, "keeps what is sent twice from becoming two tickets", "fault"],
    ["transaction", ownFields.ref, "keeps what is sent twice from becoming two replies", "fault"],
    ["transaction", ownFields.member, "names the member who wrote", "risk"],
    ["ticket", ownFields.context, "shows agents the page and the browser", "risk"],
    ["ticket", ownFields.rating, "holds the member's rating", "risk"],
    ["ticket", ownFields.ratingComment, "holds what the member says to it", "risk"],
  ];
  const absent = wanted.filter(([kind, name]) => !fields[kind].has(name));
  for (const [kind, name, purpose, level] of absent) {
    yield {
      level,
      text: `The queue has no ${kind} custom field "${name}", or the account may not see it: it ${purpose}.`,
      fix: `Make it (Admin, Custom fields, Create; Applies to ${kind === "ticket" ? "Tickets" : "Ticket Transactions"}), apply it to the queue, and give the account SeeCustomField and ModifyCustomField.`,
    };
  }
  if (absent.length === 0) yield good("The queue has all of Podpora's custom fields.");
  for (const name of desk.settings.fields) {
    const id = fields.ticket.get(name);
    // oxlint-disable-next-line no-await-in-loop -- a handful, told in their order
    const field = id === undefined ? undefined : await attempt(readField(desk, id, signal), signal);
    if (field === undefined) {
      yield fault(
        `The queue has no ticket custom field "${name}".`,
        'Take it out of the option "fields", or apply it to the queue.',
      );
    } else if ("error" in field) {
      yield fault(
        `The account may not read what the custom field "${name}" asks.`,
        "Give it SeeCustomField on the field itself, or globally.",
      );
    } else if (fieldOf(field.value) === undefined) {
      yield fault(
        `The form has no field of the kind of "${name}" (${field.value.Type}).`,
        'Take it out of the option "fields".',
      );
    }
  }
}

async function* checkTickets(desk: Desk, signal: AbortSignal): AsyncGenerator<Finding, void, undefined> {
  const { settings, client } = desk;
  const inQueue = `Queue = ${quoted(settings.queue)}`;
  const path = pathOf("/tickets", [
    ["query", inQueue],
    ["fields", "Status"],
    ["per_page", SEEN],
    ["orderby", "id"],
    ["order", "DESC"],
  ]);
  const { items, total } = await client.json({ path }, listOf(withStatus), signal);
  if (total === null) {
    yield fault(
      "RT does not say how many tickets there are.",
      "Set $UseSQLForACLChecks to 1 in RT_SiteConfig.pm, as it is by default.",
    );
  }
  if (items.length === 0) {
    yield risk(
      "The account sees no ticket in the queue, so its rights to tickets could not be looked at.",
      `Give it ShowTicket, ReplyToTicket and ModifyTicket (${rightsAt}), make a ticket, and check again.`,
    );
    return;
  }
  const statuses = new Map(items.map((item) => [item.Status, item.id]));
  const all: Links = [];
  for (const id of [...statuses.values()].slice(0, TRIED)) {
    // oxlint-disable-next-line no-await-in-loop -- a handful
    all.push(...(await client.json({ path: `/ticket/${id}` }, links, signal)));
  }
  const ways = all.flatMap(({ ref, to }) => (ref === "lifecycle" && to !== undefined ? [to] : []));
  if (!all.some(({ ref }) => ref === "correspond")) yield missing("ReplyToTicket", "members cannot answer");
  if (ways.length === 0) {
    yield risk(
      "Whether the account may change a ticket's status could not be seen.",
      `Make sure that it has ModifyTicket (${rightsAt}): without it, members can neither resolve nor reopen.`,
    );
  }
  if (ways.includes("deleted")) yield more("DeleteTicket");
  if (all.some(({ ref }) => ref === "comment")) yield more("CommentOnTicket");
  const comments = await transactionsOf(
    desk,
    { where: `TicketQueue = ${quoted(settings.queue)} AND Type = 'Comment'`, limit: 1 },
    signal,
  );
  if (comments.length > 0) yield more("ShowTicketComments");
  yield* checkStatuses(desk, new Set([...statuses.keys(), ...ways]));
}

/** RT lists a lifecycle's statuses to nobody over REST: what is in use is all that can be seen. */
function* checkStatuses({ settings }: Desk, seen: ReadonlySet<string>): Generator<Finding, void, undefined> {
  const { statuses } = settings;
  yield good(`Statuses seen in the queue: ${[...seen].join(", ")}.`);
  const unknown = [...seen].filter((name) => name !== "deleted" && labelOf(statuses, name) !== undefined);
  if (unknown.length > 0) {
    const text = `No list of the option "statuses" has ${unknown.join(", ")}: members see such tickets as open, under that word.`;
    yield risk(text, "Put each into open, awaiting or resolved.");
  }
  const configured = [...statuses.open, ...statuses.awaiting, ...statuses.resolved, statuses.reopenTo];
  const lower = new Set([...seen].map((name) => name.toLowerCase()));
  const unseen = [...new Set(configured)].filter((name) => !lower.has(name.toLowerCase()));
  if (unseen.length > 0) {
    const text = `Not seen in use so far: ${unseen.join(", ")}, of the option "statuses".`;
    yield risk(text, "Look whether they are written as in the queue's lifecycle (Admin, Lifecycles).");
  }
}

function missing(right: string, consequence: string): Finding {
  return fault(`The account lacks ${right} in the queue: ${consequence}.`, `Give it that right (${rightsAt}).`);
}

function more(right: string): Finding {
  return risk(`The account has ${right} in the queue, which is not needed.`, `Take it away (${rightsAt}, or Global).`);
}
