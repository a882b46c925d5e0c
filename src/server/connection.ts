/** What the server hands on beside a request, as far as it is looked at here. */
export interface Connection {
  /** 1 or 2; undefined where the server does not say. */
  readonly httpVersion: number | undefined;
  /** Ends the connection in the middle of the answer, so that nobody takes it for whole. */
  cut(): void;
}

export function connectionOf(env: unknown): Connection {
  const version = property(property(env, "incoming"), "httpVersionMajor");
  const outgoing = property(env, "outgoing");
  return {
    httpVersion: typeof version === "number" ? version : undefined,
    cut() {
      const destroy = property(outgoing, "destroy");
      if (typeof destroy === "function") Reflect.apply(destroy, outgoing, []);
    },
  };
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
