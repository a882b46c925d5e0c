import { signal, type ReadonlySignal } from "@preact/signals";

export interface At {
  readonly kind: "ticket" | "chat";
  readonly id: string;
}

/** The open item. Kept in the address, so that Back and reload work. */
export interface Place {
  readonly at: ReadonlySignal<At | undefined>;
  go(to: At | undefined): void;
}

export function createPlace(): Place {
  const at = signal(read());
  addEventListener("hashchange", () => (at.value = read()));
  return {
    at,
    go(to) {
      at.value = to;
      location.hash = to ? hrefOf(to) : "#all";
    },
  };
}

export function hrefOf({ kind, id }: At): string {
  return `#${kind}/${id}`;
}

function read(): At | undefined {
  const match = /^#(ticket|chat)\/([\w-]+)$/.exec(location.hash);
  const id = match?.[2];
  if (id === undefined) return undefined;
  return { kind: match?.[1] === "chat" ? "chat" : "ticket", id };
}
