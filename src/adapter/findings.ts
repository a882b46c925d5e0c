import type { Adapter, EraseOptions, Erasure, Finding } from "../core/contract/adapter.ts";
import type { HeldFiles } from "./files.ts";
import { verifiedMember } from "./members.ts";

export function good(text: string): Finding {
  return { level: "good", text };
}

export function risk(text: string, fix: string): Finding {
  return { level: "risk", text, fix };
}

export function fault(text: string, fix: string): Finding {
  return { level: "fault", text, fix };
}

export type Attempt<T> = { readonly value: T } | { readonly error: unknown };

/** Rethrows an abort; any other error becomes a finding. */
export async function attempt<T>(work: Promise<T>, signal: AbortSignal): Promise<Attempt<T>> {
  try {
    return { value: await work };
  } catch (error) {
    signal.throwIfAborted();
    return { error };
  }
}

/** This many items are named, the others only counted. */
const NAMED = 20;

/** Such as "2 tickets (#1, #2)"; items that are not text are only counted. */
export function counted(items: readonly unknown[], what: string): string {
  const names = items.filter((item) => typeof item === "string");
  const more = names.length > NAMED ? `, and ${names.length - NAMED} more` : "";
  const named = names.length === 0 ? "" : ` (${names.slice(0, NAMED).join(", ")}${more})`;
  return `${items.length} ${what}${items.length === 1 ? "" : "s"}${named}`;
}

/** Whether files can be held until their ticket is created. */
export async function heldFilesFinding(files: HeldFiles, signal: AbortSignal): Promise<Finding | undefined> {
  const hold = async (): Promise<void> => {
    const file = new File(["x"], "check.txt", { type: "text/plain" });
    const { id } = await files.hold(file, "podpora check", undefined, signal);
    await files.release(id, "podpora check");
  };
  const held = await attempt(hold(), signal);
  if ("value" in held) return undefined;
  return fault("Files cannot be held.", `${String(held.error)}. Look at the directory of filesIn().`);
}

/** `erase` for a desk that knows members by their address, which it gets in lower case. */
export function eraseByAddress(
  desk: string,
  erase: (email: string, how: EraseOptions) => AsyncIterable<Erasure>,
): NonNullable<Adapter["erase"]> {
  return async function* eraseMember(member, how) {
    // A guest has no tickets here.
    if (member.guest === true) return;
    if (member.email === undefined) {
      const text = `Everything: ${desk} knows members by their e-mail address.`;
      yield { outcome: "kept", text, fix: "Pass it: --email ana@example.org." };
      return;
    }
    yield* erase(verifiedMember({ member, signal: how.signal, locale: "en" }).email, how);
  };
}
