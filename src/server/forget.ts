import type { Erasure, Member } from "../core/contract/adapter.ts";
import { forgetAtGateway, redisStore } from "../gateway/index.ts";
import { checkedConfig } from "./config-schema.ts";
import type { Config } from "./config.ts";

export interface ForgetOrder {
  readonly id: string;
  /** By which some desks know the member. */
  readonly email?: string;
  /** Without it nothing is erased: what would be is printed. */
  readonly erase: boolean;
}

const FORGET_MS = 30 * 60_000;

/** What `podpora forget` prints, line by line. Gives whether everything that was looked for could be looked for. */
export async function forget(config: Config, order: ForgetOrder, print: (line: string) => void): Promise<boolean> {
  const { adapter, redis, uploads } = checkedConfig(config);
  const { email, erase: remove, id } = order;
  const isGuest = id.startsWith("guest:");
  const member: Member = { id, ...(email === undefined ? {} : { email }), ...(isGuest ? { guest: true } : {}) };
  const store = redis === undefined ? undefined : redisStore({ url: redis });
  let isWhole = true;

  async function tell(part: string, erasures: AsyncIterable<Erasure>): Promise<void> {
    print(part);
    let isFound = false;
    try {
      for await (const { fix, outcome, text } of erasures) {
        isFound = true;
        print(`  ${outcome === "kept" ? "kept:" : remove ? "erased:" : "would be erased:"} ${text}`);
        if (fix !== undefined) print(`      → ${fix}`);
      }
      if (!isFound) print("  Nothing of theirs was found.");
    } catch (error) {
      isWhole = false;
      print(`  broke off: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  try {
    await tell("Gateway", forgetAtGateway(member, { store, uploads: uploads?.directory, remove }));
    const erasures = adapter.erase?.(member, { remove, signal: AbortSignal.timeout(FORGET_MS) });
    await tell(adapter.name, erasures ?? nothing(adapter.name));
  } finally {
    store?.close();
    await adapter.dispose?.();
  }
  if (!isWhole) print("Not everything could be looked for. Mend what is named above, and give the command again.");
  else if (!remove) print("Nothing has been erased. To erase it, give the command again with --erase.");
  return isWhole;
}

async function* nothing(adapter: string): AsyncIterable<Erasure> {
  yield {
    outcome: "kept",
    text: `Everything: the adapter "${adapter}" erases nothing.`,
    fix: "Erase the member by the desk's own means.",
  };
}
