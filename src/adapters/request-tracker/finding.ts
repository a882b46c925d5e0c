import type { Finding } from "../../core/adapter.ts";

export function good(text: string): Finding {
  return { level: "good", text };
}

export function risk(text: string, fix: string): Finding {
  return { level: "risk", text, fix };
}

export function fault(text: string, fix: string): Finding {
  return { level: "fault", text, fix };
}

export type Outcome<T> = { readonly value: T } | { readonly error: unknown };

/** An abort goes on; anything else is what was found. */
export async function attempt<T>(work: Promise<T>, signal: AbortSignal): Promise<Outcome<T>> {
  try {
    return { value: await work };
  } catch (error) {
    signal.throwIfAborted();
    return { error };
  }
}
