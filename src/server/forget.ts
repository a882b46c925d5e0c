import type { Erasure, Member } from "../core/contract/adapter.ts";
import { forgetAtGateway, redisStore } from "../gateway/index.ts";
import { checkedConfig } from "./config-schema.ts";
import type { Config } from "./config.ts";

export interface ForgetOrder {
  readonly id: string;
  /** Some desks identify the member by it. */
  readonly email?: string;
  /** If false, only prints what would be erased. */
  readonly erase: boolean;
}

const FORGET_MS = 30 * 60_000;

/** Prints the output of `podpora forget`, line by line. Returns whether every place could be searched. */
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
      print(`  aborted: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  try {
    await tell("Gateway", forgetAtGateway(member, { store, adapter, uploads: uploads?.directory, remove }));
    const erasures = adapter.erase?.(member, { remove, signal: AbortSignal.timeout(FORGET_MS) });
    await tell(adapter.name, erasures ?? nothing(adapter.name));
  } finally {
    store?.close();
    await adapter.dispose?.();
  }
  if (!isWhole) print("Some places could not be searched. Fix the errors above, then run the command again.");
  else if (!remove) print("Nothing has been erased. To erase it, run the command again with --erase.");
  return isWhole;
}

async function* nothing(adapter: string): AsyncIterable<Erasure> {
  yield {
    outcome: "kept",
    text: `Everything: the adapter "${adapter}" erases nothing.`,
    fix: "Erase the member in the desk itself.",
  };
}
