import type {
  Adapter,
  Area,
  ArticlesApi,
  DeskState,
  EraseOptions,
  Erasure,
  HookApi,
  Member,
  UploadsApi,
} from "../../core/contract/adapter.ts";
import { checkNames, optionCheck } from "../../adapter/options.ts";
import { chatWithFiles } from "./chat.ts";
import { carrierBetween } from "./carrier.ts";
import { ticketsFromChat } from "./tickets.ts";

export interface CombineOptions {
  /** @default the names of the adapters, joined with "-" */
  readonly name?: string;
  readonly tickets?: Adapter;
  readonly chat?: Adapter;
  /** @default each part's own: uploaded files are passed on to the desk where they are used */
  readonly uploads?: Adapter;
  readonly accounts?: Adapter;
  readonly session?: Adapter;
  /** Help articles, such as `articlesFrom([…])` of `podpora/adapter`. @default those of `tickets` */
  readonly articles?: ArticlesApi;
}

const names: Readonly<Record<keyof CombineOptions, true>> = {
  name: true,
  tickets: true,
  chat: true,
  uploads: true,
  accounts: true,
  session: true,
  articles: true,
};
const parts = ["tickets", "chat", "uploads", "accounts", "session"] as const;

/**
 * Combines several adapters into one: each part from the adapter given for it. Throws if that adapter does not have the
 * part. The two desks act as one: a ticket created from a chat gets the transcript and the files, each names the other,
 * and a chat can only be about a ticket of the member's own.
 *
 * Its `dispose` disposes of each adapter once, even if one is used for several parts.
 */
export function combine(options: CombineOptions): Adapter {
  checkNames(optionCheck("combine"), options, names);
  const adapters = new Set(parts.flatMap((part) => options[part] ?? []));
  for (const part of parts) requirePart(options[part], part);
  requireOwnNames(adapters);
  const { accounts, session } = options;
  const hooks = hooksOf(adapters);
  let disposing: Promise<void> | undefined;

  return {
    ...together(options),
    ...(options.tickets?.changes && options.tickets.people
      ? { changes: options.tickets.changes.bind(options.tickets), people: options.tickets.people }
      : {}),
    ...articlesOf(options),
    ...(accounts?.accounts ? { accounts: accounts.accounts } : {}),
    ...(session?.session ? { session: session.session } : {}),
    ...mergeOf(options),
    ...(Object.keys(hooks).length === 0 ? {} : { hooks }),
    ...([...adapters].some((adapter) => adapter.check !== undefined)
      ? { check: (signal: AbortSignal) => checkAll(adapters, signal) }
      : {}),
    state: () => ({ ...partOf("tickets", options.tickets), ...partOf("chat", options.chat) }),
    ...([...adapters].some((adapter) => adapter.erase !== undefined)
      ? { erase: (member: Member, how: EraseOptions) => eraseAll(adapters, member, how) }
      : {}),
    name: options.name ?? Array.from(adapters, (adapter) => adapter.name).join("-"),
    dispose: () => (disposing ??= disposeAll(adapters)),
  };
}

function together({ chat, tickets, uploads }: CombineOptions): Pick<Adapter, "tickets" | "chat" | "uploads"> {
  const files = uploads?.uploads;
  if (files !== undefined || tickets === undefined || chat === undefined || tickets === chat) {
    return separate({ tickets, chat, uploads: files ?? tickets?.uploads ?? chat?.uploads });
  }
  const carrier = carrierBetween(tickets.uploads, chat.uploads);
  return {
    ...(tickets.tickets && chat.chat ? { tickets: ticketsFromChat(tickets.tickets, chat.chat, carrier) } : {}),
    ...(chat.chat ? { chat: chatWithFiles(chat.chat, tickets.tickets, carrier) } : {}),
    ...(carrier.uploads ? { uploads: carrier.uploads } : {}),
  };
}

function articlesOf({ tickets, articles = tickets?.articles }: CombineOptions): Pick<Adapter, "articles"> {
  return articles ? { articles } : {};
}

function separate(given: {
  readonly tickets: Adapter | undefined;
  readonly chat: Adapter | undefined;
  readonly uploads: UploadsApi | undefined;
}): Pick<Adapter, "tickets" | "chat" | "uploads"> {
  return {
    ...(given.tickets?.tickets ? { tickets: given.tickets.tickets } : {}),
    ...(given.chat?.chat ? { chat: given.chat.chat } : {}),
    ...(given.uploads ? { uploads: given.uploads } : {}),
  };
}

function partOf(area: Area, adapter: Adapter | undefined): Partial<Record<Area, DeskState>> {
  const state = adapter?.state?.()[area];
  return state === undefined ? {} : { [area]: state };
}

/** A guest has a chat and files, possibly at different desks. If one of those desks can't merge, none does. */
function mergeOf({ chat, tickets, uploads }: CombineOptions): Pick<Adapter, "merge"> {
  const files = uploads ?? (tickets?.uploads ? tickets : undefined);
  const needed = [chat ?? [], files ?? []].flat();
  if (needed.length === 0 || needed.some((desk) => desk.merge === undefined)) return {};
  // If guests can create tickets, these are transferred too.
  const desks = new Set([...needed, tickets ?? []].flat());
  return {
    async merge(guest, ctx) {
      for (const desk of desks) await desk.merge?.(guest, ctx);
    },
  };
}

function requirePart(adapter: Adapter | undefined, part: (typeof parts)[number]): void {
  if (adapter !== undefined && adapter[part] === undefined) {
    throw new TypeError(`combine: the adapter "${adapter.name}" has no ${part}`);
  }
}

/** Logs, states and stored changes are distinguished by the adapter's name. */
function requireOwnNames(adapters: ReadonlySet<Adapter>): void {
  const given = Array.from(adapters, ({ name }) => name);
  const twice = given.find((name, index) => given.indexOf(name) !== index);
  if (twice === undefined) return;
  throw new TypeError(`combine: two adapters are named "${twice}": give one of them another \`name\``);
}

function hooksOf(adapters: ReadonlySet<Adapter>): Readonly<Record<string, HookApi>> {
  const all = [...adapters].flatMap(({ hooks = {} }) => Object.entries(hooks));
  const twice = all.find(([name], index) => all.findIndex(([other]) => other === name) !== index)?.[0];
  if (twice !== undefined)
    throw new TypeError(`combine: two adapters have a web hook named "${twice}": one would shadow the other`);
  return Object.fromEntries(all);
}

async function* checkAll(adapters: ReadonlySet<Adapter>, signal: AbortSignal) {
  for (const adapter of adapters) if (adapter.check) yield* adapter.check(signal);
}

/** If one desk fails, the others are still searched: the first failure is thrown at the end. */
async function* eraseAll(adapters: ReadonlySet<Adapter>, member: Member, how: EraseOptions): AsyncIterable<Erasure> {
  const failures: unknown[] = [];
  for (const adapter of adapters) {
    if (adapter.erase === undefined) {
      yield { outcome: "kept", text: `Everything at "${adapter.name}": this adapter erases nothing.`, fix: OWN_MEANS };
      continue;
    }
    try {
      yield* adapter.erase(member, how);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

const OWN_MEANS = "Erase the member at the desk itself.";

/** If one adapter fails, the others are still disposed of. */
async function disposeAll(adapters: ReadonlySet<Adapter>): Promise<void> {
  const settled = await Promise.allSettled(Array.from(adapters, async (adapter) => await adapter.dispose?.()));
  const errors: unknown[] = settled.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
  if (errors.length > 0) throw new AggregateError(errors, "combine: not every adapter could be disposed of");
}
