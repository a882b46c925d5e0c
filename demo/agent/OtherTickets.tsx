import type { Ticket } from "../../src/core/contract/adapter.ts";
import { hrefOf } from "./place.ts";
import { Status } from "./Status.tsx";

interface Props {
  readonly tickets: readonly Ticket[];
  readonly label: string;
}

export function OtherTickets({ label, tickets }: Props) {
  return (
    <details class="more">
      <summary>
        {label} ({tickets.length})
      </summary>
      <ul>
        {tickets.map(({ id, number, status, title }) => (
          <li key={id}>
            <Status of={status} /> <a href={hrefOf({ kind: "ticket", id })}>{`#${number} ${title}`}</a>
          </li>
        ))}
      </ul>
    </details>
  );
}
