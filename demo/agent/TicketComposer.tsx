import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { AgentMessageKind, AgentTicket } from "../desk/agent-tickets.ts";
import { limits } from "../desk/file-limits.ts";
import { useDesk } from "./context.ts";
import { DraftFiles } from "./DraftFiles.tsx";
import { useFiles } from "./use-files.ts";
import { isOfInputMethod } from "../../src/keys.ts";

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
  const { act, calls, drafts } = useDesk();
  const kind = useSignal<AgentMessageKind>("reply");
  const busy = useSignal(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const { add, uploading } = useFiles(ticket.id);
  const chosen = kinds.find((one) => one.kind === kind.value);
  const text = drafts.text(ticket.id);
  const sendable = (text.trim() !== "" || drafts.files(ticket.id).length > 0) && uploading.value.length === 0;

  async function send(): Promise<void> {
    if (!sendable || busy.value) return;
    busy.value = true;
    const draft = drafts.take(ticket.id);
    if (await act((agent) => agent.write(ticket.id, draft, kind.value))) drafts.done(ticket.id);
    busy.value = false;
  }

  /** Inserts at the cursor, replacing the selection. */
  function insert(words: string): void {
    const box = area.current;
    if (!box) return;
    box.setRangeText(words, box.selectionStart, box.selectionEnd, "end");
    drafts.write(ticket.id, box.value);
    box.focus();
  }

  async function insertHtml(html: string, plain: string): Promise<void> {
    // If the conversion fails, insert plain text.
    const markup = await calls()
      ?.markup(html)
      .catch(() => plain);
    insert(markup ?? plain);
  }

  function paste(event: ClipboardEvent): void {
    const { clipboardData: data } = event;
    const [html, plain] = [data?.getData("text/html") ?? "", data?.getData("text/plain") ?? ""];
    const files = [...(data?.files ?? [])];
    if (html === "" && files.length === 0) return;
    event.preventDefault();
    // Documents also copy a picture of themselves; the text is what is wanted.
    if (html !== "" && plain !== "") void insertHtml(html, plain);
    else void add(files);
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
          ref={area}
          rows={4}
          value={text}
          placeholder={`Write to ${kind.value === "note" ? "the other agents" : (ticket.member.name ?? "the member")}…`}
          aria-describedby="composer-hint"
          onInput={(event) => drafts.write(ticket.id, event.currentTarget.value)}
          onPaste={paste}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !isOfInputMethod(event)) void send();
          }}
        />
      </label>
      <DraftFiles
        draftId={ticket.id}
        uploading={uploading.value}
        onInsert={({ id, name }) => insert(`\n\n![${name.replaceAll(/[[\]]/g, "")}](attachment:${id})\n\n`)}
      />
      <div class="composer-foot">
        <p id="composer-hint" class="meta">
          {chosen?.hint}
        </p>
        <input
          ref={chooser}
          type="file"
          hidden
          multiple
          accept={limits.accept.join(",")}
          onChange={({ currentTarget: input }) => {
            void add([...(input.files ?? [])]);
            input.value = "";
          }}
        />
        <button type="button" onClick={() => chooser.current?.click()}>
          Attach files
        </button>
        <StatusButtons ticket={ticket} />
        <button type="submit" class="primary" disabled={busy.value || !sendable}>
          {chosen?.label}
        </button>
      </div>
    </form>
  );
}

function StatusButtons({ ticket: { can, id, status } }: { readonly ticket: AgentTicket }) {
  const { act } = useDesk();
  const resolved = status === "resolved";
  return (
    <>
      <button type="button" onClick={() => void act((calls) => calls.setStatus(id, resolved ? "open" : "resolved"))}>
        {resolved ? "Reopen" : "Resolve"}
      </button>
      {can?.reply !== false && (
        <button
          type="button"
          title="The member can't reply to it or reopen it any more"
          onClick={() => void act((calls) => calls.setStatus(id, "closed"))}
        >
          Close
        </button>
      )}
    </>
  );
}
