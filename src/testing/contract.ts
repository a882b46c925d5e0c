/* oxlint-disable vitest/valid-title, vitest/no-conditional-tests, vitest/expect-expect -- the cases are data here */
import { describe, expect, test, type TestContext } from "vitest";
import type { Adapter } from "../core/contract/adapter.ts";
import { articleCases } from "./article-cases.ts";
import { accountCases } from "./account-cases.ts";
import { counted } from "./counted.ts";
import { by, uuid, type Case, type Stage, type With } from "./case.ts";
import { chatCases } from "./chat-cases.ts";
import { chatEventCases } from "./chat-event-cases.ts";
import { chatHistoryCases } from "./chat-history-cases.ts";
import { chatOrderCases } from "./chat-order-cases.ts";
import { chatTicketCases } from "./chat-ticket-cases.ts";
import { eraseCases } from "./erase-cases.ts";
import { mergeCases } from "./merge-cases.ts";
import { requiredAnswers } from "./form.ts";
import type { Contract } from "./subject.ts";
import { ticketCases } from "./ticket-cases.ts";
import { ticketChangeCases } from "./ticket-change-cases.ts";
import { ticketCreateCases } from "./ticket-create-cases.ts";
import { ticketEventCases } from "./ticket-event-cases.ts";
import { ticketFormCases } from "./ticket-form-cases.ts";
import { ticketListCases } from "./ticket-list-cases.ts";
import { withGateway } from "./with-gateway.ts";
import { uploadNameCases } from "./upload-name-cases.ts";
import { uploadCases } from "./upload-cases.ts";

const groups: Readonly<Record<string, readonly Case[]>> = {
  tickets: [...ticketCreateCases, ...ticketFormCases, ...ticketListCases, ...ticketCases, ...ticketChangeCases],
  "ticket events": ticketEventCases,
  chat: [...chatCases, ...chatTicketCases, ...chatHistoryCases],
  "chat events": [...chatEventCases, ...chatOrderCases],
  uploads: [...uploadCases, ...uploadNameCases],
  articles: articleCases,
  "a guest who signs in": mergeCases,
  "a member who is forgotten": eraseCases,
  "accounts and life": accountCases,
};

/**
 * The contract for all adapters. Call it at the top level of a Vitest file. Cases for absent parts and optional methods
 * are skipped; any other failing case needs a gap with a reason.
 */
export function describeAdapter(contract: Contract): void {
  const gaps = (contract.gaps ?? []).flatMap(({ reason, tests }) => tests.map((title) => ({ reason, title })));
  const known = new Set(Object.values(groups).flatMap((cases) => cases.map((each) => each.title)));

  describe(`adapter ${contract.name}`, { timeout: contract.timeoutMs ?? 30_000 }, () => {
    for (const [group, cases] of Object.entries(groups)) {
      describe(group, () => {
        for (const each of cases) {
          const run = (context: TestContext): Promise<void> => perform(contract, each, context);
          if (gaps.some((gap) => gap.title === each.title)) test.fails(each.title, run);
          else test(each.title, run);
        }
      });
    }
    for (const { title, reason } of gaps.filter((gap) => !known.has(gap.title))) {
      test(`the gap "${reason}" names a case of the contract`, () => {
        expect.fail(`there is no case titled "${title}"`);
      });
    }
  });
}

async function perform(contract: Contract, each: Case, context: TestContext): Promise<void> {
  const subject = await contract.create();
  const served = createServed();
  try {
    const [me, them] = subject.members;
    const mine = served.adapter(await subject.adapterFor(me));
    const form = (await mine.tickets?.fields?.(by(me))) ?? [];
    const fields = requiredAnswers(form, subject.answers);
    const stage: Stage = {
      subject,
      // With a feed, the streams are the gateway's: it counts them itself.
      backend: served.isFed() ? { ...subject.backend, listeners: served.listeners } : subject.backend,
      me,
      them,
      mine,
      theirs: served.adapter(await subject.adapterFor(them)),
      draft: (over) => ({
        clientId: uuid(),
        title: "Slovenščina - Naročila ni mogoče oddati",
        text: "Odprem košarico.",
        ...(Object.keys(fields).length > 0 ? { fields } : {}),
        ...over,
      }),
      need: (part, ...names) => {
        if (part === undefined) context.skip("the part is absent");
        if (!has(part, names)) context.skip(`absent: one of ${names.join(", ")}`);
        return part;
      },
    };
    await each.run(stage);
  } finally {
    served.end();
    await subject.dispose();
  }
}

/** What has a feed, as the gateway serves it, with its streams counted. */
function createServed() {
  const known = new Map<Adapter, ReturnType<typeof counted>>();
  const ends: (() => void)[] = [];
  return {
    isFed: () => known.size > 0,
    listeners: () => [...known.values()].reduce((sum, { listeners }) => sum + listeners(), 0),
    adapter(adapter: Adapter): Adapter {
      if (adapter.changes === undefined) return adapter;
      const before = known.get(adapter);
      if (before !== undefined) return before.adapter;
      // The subject itself disposes of its adapter.
      const { dispose, ...fed } = withGateway({ ...adapter, dispose: () => undefined });
      const one = counted({ ...fed, dispose: async () => await adapter.dispose?.() });
      ends.push(() => void dispose?.());
      known.set(adapter, one);
      return one.adapter;
    },
    end: () => ends.forEach((end) => end()),
  };
}

function has<T extends object, K extends keyof T>(part: T, names: readonly K[]): part is T & With<T, K> {
  return names.every((name) => part[name] !== undefined);
}
