import { articlesFrom } from "../../adapter/articles.ts";
import type {
  AccountsApi,
  Adapter,
  Article,
  Author,
  Availability,
  Credentials,
  Field,
  Member,
  UploadLimits,
} from "../../core/contract/adapter.ts";
import { AdapterError } from "../../core/contract/errors.ts";
import { createAgent, type MemoryAgent } from "./agent.ts";
import { createChat, mergeGuest } from "./chat.ts";
import { createDesk } from "./desk.ts";
import { eraseMember } from "./erase.ts";
import { createTickets } from "./tickets.ts";
import { createUploads } from "./uploads.ts";

export type { MemoryAgent } from "./agent.ts";

export interface MemoryOptions {
  readonly accounts?: readonly MemoryAccount[];
  /** The caller if a call names nobody: for a desk that lives in one page. */
  readonly member?: Member;
  readonly fields?: readonly Field[];
  /** @default 10 MiB, 10 files, pictures, PDF and plain text */
  readonly limits?: UploadLimits;
  /** Help articles. @default none, and the form offers none */
  readonly articles?: readonly Article[];
  /** @default open, in English */
  readonly availability?: Availability;
}

export interface MemoryAccount extends Credentials {
  readonly member: Member;
}

export interface MemoryAdapter extends Adapter {
  readonly agent: MemoryAgent;
}

const defaultLimits: UploadLimits = {
  maxBytes: 10 * 1024 * 1024,
  maxFiles: 10,
  accept: ["image/*", "application/pdf", "text/plain"],
};
const theAgent: Author = { id: "agent", name: "Nina", role: "agent" };

/**
 * A whole desk in memory: the reference for authors of adapters, and a desk for tests. It is lost when the process
 * ends.
 */
export function memory(options: MemoryOptions = {}): MemoryAdapter {
  const closing = new AbortController();
  const desk = createDesk(options.member, closing.signal);
  const limits = options.limits ?? defaultLimits;
  const maxFiles = limits.maxFiles ?? Number.POSITIVE_INFINITY;

  return {
    name: "memory",
    tickets: createTickets(desk, options.fields ?? [], maxFiles),
    chat: createChat(desk, options.availability ?? { open: true, languages: ["en"] }, maxFiles),
    uploads: createUploads(desk, limits),
    ...(options.articles ? { articles: articlesFrom(options.articles) } : {}),
    ...(options.accounts ? { accounts: createAccounts(options.accounts) } : {}),
    erase: (member, how) => eraseMember(desk, member, how),
    merge: async (guest, ctx) => mergeGuest(desk, guest, desk.asker(ctx)),
    agent: createAgent(desk, theAgent),
    dispose: () => closing.abort(),
  };
}

function createAccounts(accounts: readonly MemoryAccount[]): AccountsApi {
  return {
    async signIn(credentials, ctx) {
      ctx.signal.throwIfAborted();
      const account = accounts.find((each) => each.username === credentials.username);
      if (account === undefined || account.password !== credentials.password) {
        throw new AdapterError("unauthorized", "the desk does not accept this user name and password");
      }
      return account.member;
    },
  };
}
