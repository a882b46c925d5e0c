import {
  answerOf,
  attempt,
  fault,
  good,
  heldFilesFinding,
  isAdapterError,
  risk,
  statusOf,
  type Finding,
} from "../../adapter/index.ts";
import { probe, type Desk } from "./desk.ts";
import * as schemas from "./schemas.ts";

const FIX = "See docs/desks/znuny.md, under *What to create in Znuny*.";
const SEEN = 100;
/** The tolerance for Znuny's clock and time zone. */
const APART_MS = 600_000;

/** Starts with the address, and leaves out what a fault hides. Writes nothing. */
export async function* check(desk: Desk, signal: AbortSignal): AsyncGenerator<Finding, void, undefined> {
  const { files, pollMs, queue, states, url, user, webService } = desk.settings;
  const reached = await attempt(desk.ask("TicketSearch", { Limit: 1 }, schemas.found, signal), signal);
  if ("error" in reached) return yield unreachable(reached.error, url, webService);
  yield good(`Znuny answers at ${url} (web service "${webService}") and accepts the agent "${user}".`);
  const { open, awaiting, resolved, reopenTo } = states;
  const refused = await probe(desk, reopenTo, signal);
  if (refused === undefined) yield good(`Tickets can be created in the queue "${queue}", with all dynamic fields.`);
  else yield fault(`Tickets can't be created in the queue "${queue}": ${refused}`, hint(refused));
  for (const name of new Set([...open, ...awaiting, ...resolved])) {
    // oxlint-disable-next-line no-await-in-loop -- only a few, reported in this order
    const said = refused === undefined ? await probe(desk, name, signal) : undefined;
    if (said !== undefined)
      yield fault(`Znuny has no valid state "${name}".`, 'Use the names of Znuny\'s states in the option "states".');
  }
  yield* checkTickets(desk, signal);
  if (files === undefined) yield good('Members can\'t send files: the option "files" is not set.');
  else yield (await heldFilesFinding(files, signal)) ?? good("Files are held until their ticket is created.");
  if (url.startsWith("http:")) {
    yield risk("Each call sends the agent's password to Znuny unencrypted.", "Use an https address.");
  }
  yield good(`One copy of the gateway polls Znuny every ${pollMs / 1000} s.`);
}

function unreachable(error: unknown, url: string, webService: string): Finding {
  if (statusOf(error) === 401) {
    return fault("Znuny refuses the agent's login and password.", 'Check the options "user" and "password".');
  }
  const why = isAdapterError(error) ? error.message : String(error);
  const fix = `Check that ${url}/nph-genericinterface.pl is Znuny's, and that the web service "${webService}" exists and is valid.`;
  return fault(`Znuny can't be used: ${why}. ${answerOf(error)}`.trim(), fix);
}

function hint(said: string): string {
  if (said.includes("Queue or QueueID!")) return 'Give the agent the permission "create" in the queue\'s group.';
  if (said.includes("Queue")) return 'Check the option "queue": use the full name, such as "Support::Web".';
  if (said.includes("State")) return 'Check "states.reopenTo".';
  return FIX;
}

/** Reads the newest tickets: are Znuny's times UTC, and does the agent see only its queue? */
async function* checkTickets(desk: Desk, signal: AbortSignal): AsyncGenerator<Finding, void, undefined> {
  const { queue } = desk.settings;
  const { TicketID: ids } = await desk.ask("TicketSearch", { Limit: SEEN }, schemas.found, signal);
  const seen = await desk.read(ids, { articles: false }, signal);
  const others = new Set(seen.flatMap((raw) => (raw.Queue === queue ? [] : [raw.Queue])));
  if (others.size > 0) {
    const text = `The agent sees tickets of other queues: ${[...others].join(", ")}.`;
    yield risk(text, `Create a group for the queue "${queue}", and give the agent permissions only in that group.`);
  }
  const [newest] = seen;
  if (newest === undefined) return yield good("The agent sees no tickets yet.");
  const apart = Math.abs(Date.parse(newest.Created) + newest.Age * 1000 - Date.now());
  if (apart <= APART_MS) return yield good("Znuny's times are UTC.");
  yield fault("Znuny's times are not UTC, or its clock is wrong.", "Set OTRSTimeZone to UTC, its default.");
}
