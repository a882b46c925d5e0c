import type { TicketStatus } from "../../src/core/contract/adapter.ts";

export const statusNames: Readonly<Record<TicketStatus, string>> = {
  open: "Open",
  awaiting: "Awaiting",
  resolved: "Resolved",
};

/** A word and a distinct shape for each status, as colour alone is not accessible. */
export function Status({ of }: { readonly of: TicketStatus }) {
  return (
    <span class={`status status-${of}`}>
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
        <circle cx="6" cy="6" r="5" />
        {of === "awaiting" && <path d="M6 1a5 5 0 0 1 0 10z" />}
        {of === "resolved" && <path d="m3.5 6.2 1.8 1.8 3.2-3.8" />}
      </svg>
      {statusNames[of]}
    </span>
  );
}
