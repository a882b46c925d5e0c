import { useRef } from "preact/hooks";
import type { AgentTicket } from "../desk/agent-tickets.ts";
import { useDesk } from "./context.ts";

/** Asks for confirmation first. */
export function RemoveTicket({ ticket }: { readonly ticket: AgentTicket }) {
  const { removeTicket } = useDesk();
  const dialog = useRef<HTMLDialogElement>(null);

  async function remove(): Promise<void> {
    dialog.current?.close();
    await removeTicket(ticket.id);
    // The focused element was removed.
    document.querySelector("main")?.focus();
  }

  return (
    <>
      <button type="button" class="quiet" onClick={() => dialog.current?.showModal()}>
        Delete
      </button>
      <dialog ref={dialog} class="dialog" aria-labelledby="remove-title" aria-describedby="remove-text">
        <h3 id="remove-title">Delete ticket #{ticket.number}?</h3>
        <p id="remove-text">
          Its messages and files go for good. {ticket.member.name ?? "The member"} will not find it any more.
        </p>
        <div class="actions">
          <button type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="button" class="danger" onClick={() => void remove()}>
            Delete for good
          </button>
        </div>
      </dialog>
    </>
  );
}
