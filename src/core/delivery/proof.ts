/** A stream works after its first event, or when it has been connected for this long. Until then it is not trusted. */
const provenMs = 10_000;

export interface ProofHooks {
  /** Called once: the stream works. */
  readonly onProven: () => void;
  /** Nothing has arrived in time: a proxy may buffer the stream. */
  readonly onDoubt: () => void;
}

/** Watches one attempt at a stream. */
export function createProof({ onProven, onDoubt }: ProofHooks) {
  let isProven = false;
  let isConnected = false;
  function prove() {
    clearTimeout(timer);
    if (isProven) return;
    isProven = true;
    onProven();
  }
  let timer = setTimeout(() => !isConnected && onDoubt(), provenMs);
  return {
    /** An event has arrived. */
    prove,
    /** The first bytes have arrived. */
    connected() {
      if (isConnected) return;
      isConnected = true;
      clearTimeout(timer);
      timer = setTimeout(prove, provenMs);
    },
    stop: () => clearTimeout(timer),
  };
}
