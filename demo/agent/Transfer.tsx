import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { Agent } from "../desk/agents.ts";
import { useDesk } from "./context.ts";
import { languageName } from "./time.ts";

/** Transfers the chat to an available colleague or back to the queue. Loads the colleagues when opened. */
export function Transfer({ id }: { readonly id: string }) {
  const { act, calls } = useDesk();
  const colleagues = useSignal<readonly Agent[] | undefined>(undefined);
  const dialog = useRef<HTMLDialogElement>(null);

  async function open(): Promise<void> {
    colleagues.value = undefined;
    dialog.current?.showModal();
    colleagues.value =
      (await calls()
        ?.colleagues()
        .catch(() => [])) ?? [];
  }
  async function hand(to: string | undefined): Promise<void> {
    dialog.current?.close();
    await act((agent) => agent.transfer(id, to));
  }

  return (
    <>
      <button type="button" aria-haspopup="dialog" onClick={() => void open()}>
        Transfer
      </button>
      <dialog class="dialog" ref={dialog} aria-labelledby="transfer-title">
        <h3 id="transfer-title">Transfer this chat</h3>
        <p class="meta">{sentence(colleagues.value)}</p>
        <div class="choices">
          {colleagues.value?.map(({ id: to, languages, name }) => (
            <button key={to} type="button" onClick={() => void hand(to)}>
              {name} <span class="meta">{languages.map(languageName).join(", ")}</span>
            </button>
          ))}
          <button type="button" onClick={() => void hand(undefined)}>
            Back to the front of the queue
          </button>
        </div>
        <div class="actions">
          <button type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
        </div>
      </dialog>
    </>
  );
}

function sentence(colleagues: readonly Agent[] | undefined): string {
  if (!colleagues) return "Loading colleagues…";
  return colleagues.length === 0 ? "No colleague is available for chats." : "The member is told who takes over.";
}
