/** The part of the server's request environment that is used here. */
export interface Connection {
  /** 1 or 2; undefined if the server does not say. */
  readonly httpVersion: number | undefined;
  /** Destroys the connection during a response, so that the client does not treat it as complete. */
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
