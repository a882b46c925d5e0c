/** Why the store does not work. `silent`: connected, but no answer in time. */
export type StoreFault = "unreachable" | "silent" | "read-only" | "full" | "loading" | "refused" | "failed";

/** A failure of the store. `message` has the store's address and the fault, never a key, a value or a password. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly fault: StoreFault;

  constructor(fault: StoreFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}

export function isStoreError(error: unknown): error is StoreError {
  return error instanceof StoreError;
}

/**
 * By the first word of a Redis error reply
 * (https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors).
 */
const replies: Readonly<Record<string, StoreFault>> = {
  READONLY: "read-only",
  MASTERDOWN: "read-only",
  NOREPLICAS: "read-only",
  OOM: "full",
  // The disk is full: Redis then accepts no writes either.
  MISCONF: "full",
  LOADING: "loading",
  BUSY: "silent",
  NOAUTH: "refused",
  NOPERM: "refused",
  WRONGPASS: "refused",
};

const silent = ["SocketTimeoutError", "ConnectionTimeoutError", "TimeoutError"];
const away = ["ClientOfflineError", "ClientClosedError", "SocketClosedUnexpectedlyError", "DisconnectsClientError"];

/** The fault of the server that an error of the Redis client reports. */
export function storeFaultOf(error: unknown): StoreFault {
  if (isStoreError(error)) return error.fault;
  if (!(error instanceof Error)) return "failed";
  const kind = error.constructor.name;
  if (silent.includes(kind) || codeOf(error) === "ETIMEDOUT") return "silent";
  if (away.includes(kind) || codeOf(error) !== undefined) return "unreachable";
  // An error inside a script follows the script's own message: "ERR … script: …, on @user_script:9. -OOM command not
  // allowed".
  const word = /^([A-Z]+) /.exec(error.message)?.[1] ?? "";
  return (
    replies[word] ?? Object.entries(replies).find(([each]) => error.message.includes(`-${each} `))?.[1] ?? "failed"
  );
}

/** The operating system's code, such as "ECONNREFUSED". Redis's own codes are in the message. */
function codeOf(error: Error): string | undefined {
  const code: unknown = Reflect.get(error, "code");
  return typeof code === "string" && /^E[A-Z]+/.test(code) ? code : undefined;
}

/** The fault in a word or two for a log line: an operating system's code if there is one. */
export function faultText(error: unknown): string {
  return (error instanceof Error ? codeOf(error) : undefined) ?? storeFaultOf(error);
}
