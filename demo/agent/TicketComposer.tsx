import { useSignal } from "@preact/signals";
import type { AgentMessageKind, AgentTicket } from "../desk/agent-tickets.ts";
import { useDesk } from "./context.ts";

const kinds: readonly { readonly kind: AgentMessageKind; readonly label: string; readonly hint: string }[] = [
  { kind: "reply", label: "Reply", hint: "The member reads this. The state stays." },
  {
    kind: "question",
    label: "Ask for feedback",
    hint: "The member reads this, and the ticket waits for their answer.",
  },
  { kind: "note", label: "Internal note", hint: "Only agents read this." },
];

export function TicketComposer({ ticket }: { readonly ticket: AgentTicket }) {
  const { act, drafts } = useDesk();
  const kind = useSignal<AgentMessageKind>("reply");
  const busy = useSignal(false);
  const chosen = kinds.find((one) => one.kind === kind.value);
  const text = drafts.text(ticket.id);

  async function send(): Promise<void> {
    if (text.trim() === "" || busy.value) return;
    busy.value = true;
    const draft = drafts.take(ticket.id);
    if (await act((calls) => calls.write(ticket.id, draft, kind.value))) drafts.done(ticket.id);
    busy.value = false;
  }

  return (
    <form
      class={`composer composer-${kind.value}`}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <fieldset class="filters">
        <legend class="visually-hidden">What to write</legend>
        {kinds.map((one) => (
          <label key={one.kind}>
            <input
              type="radio"
              name="kind"
              value={one.kind}
              checked={kind.value === one.kind}
              onChange={() => (kind.value = one.kind)}
            />
            <span>{one.label}</span>
          </label>
        ))}
      </fieldset>
      <label>
        <span class="visually-hidden">{chosen?.label}</span>
        <textarea
          rows={4}
          value={text}
          placeholder={`Write to ${kind.value === "note" ? "the other agents" : (ticket.member.name ?? "the member")}…`}
          aria-describedby="composer-hint"
          onInput={(event) => drafts.write(ticket.id, event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void send();
          }}
        />
      </label>
      <div class="composer-foot">
        <p id="composer-hint" class="meta">
          {chosen?.hint}
        </p>
        {ticket.status !== "resolved" && (
          <button type="button" onClick={() => void act((calls) => calls.resolve(ticket.id))}>
            Resolve
          </button>
        )}
        <button type="submit" class="primary" disabled={busy.value || text.trim() === ""}>
          {chosen?.label}
        </button>
      </div>
    </form>
  );
}
