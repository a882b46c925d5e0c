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
