import { useEffect, useRef } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { useCanned } from "./canned.ts";
import { useDesk } from "./context.ts";
import { isOfInputMethod } from "../../src/keys.ts";

// A member sees "typing" for a while after each of these, so one every few seconds is enough.
const tellEveryMs = 3000;
const idleMs = 4000;

export function ChatComposer({ id, locale }: { readonly id: string; readonly locale: string }) {
  const { act, calls, drafts } = useDesk();
  const busy = useSignal(false);
  const told = useRef(0);
  const idle = useRef<ReturnType<typeof setTimeout>>(undefined);
  const text = drafts.text(id);
  const canned = useCanned(locale, text);

  function tell(typing: boolean): void {
    clearTimeout(idle.current);
    if (typing) idle.current = setTimeout(() => tell(false), idleMs);
    if (typing && Date.now() - told.current < tellEveryMs) return;
    if (!typing && told.current === 0) return;
    told.current = typing ? Date.now() : 0;
    // A lost typing notification does no harm.
    calls()
      ?.setTyping(id, typing)
      .catch(() => undefined);
  }
  useEffect(() => () => tell(false), [id]);

  async function send(): Promise<void> {
    if (text.trim() === "" || busy.value) return;
    busy.value = true;
    tell(false);
    const draft = drafts.take(id);
    if (await act((agent) => agent.say(id, draft))) drafts.done(id);
    busy.value = false;
  }

  function insert(words: string | undefined): void {
    if (words !== undefined) drafts.write(id, words);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (isOfInputMethod(event)) return;
    const open = canned.found.length > 0;
    if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      canned.move(event.key === "ArrowDown" ? 1 : -1);
    } else if (open && event.key === "Escape") {
      canned.dismiss();
    } else if (open && (event.key === "Enter" || event.key === "Tab")) {
      insert(canned.chosen?.text);
    } else if (event.key === "Enter" && !event.shiftKey) {
      void send();
    } else {
      return;
    }
    event.preventDefault();
  }

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {canned.found.length > 0 && (
        <div class="canned" id="canned" role="listbox" aria-label="Canned answers">
          {canned.found.map((one) => (
            // The focus stays in the text field, which points to the active option.
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
            <div
              key={one.name}
              id={`canned-${one.name}`}
              role="option"
              aria-selected={one === canned.chosen}
              onClick={() => insert(one.text)}
            >
              <b>/{one.name}</b> {one.text}
            </div>
          ))}
        </div>
      )}
      <label>
        <span class="visually-hidden">Message</span>
        <textarea
          rows={2}
          value={text}
          readOnly={busy.value}
          placeholder="Write a message…"
          aria-describedby="chat-hint"
          aria-autocomplete="list"
          aria-controls={canned.found.length > 0 ? "canned" : undefined}
          aria-activedescendant={canned.chosen && `canned-${canned.chosen.name}`}
          onInput={(event) => {
            drafts.write(id, event.currentTarget.value);
            tell(event.currentTarget.value !== "");
          }}
          onKeyDown={onKeyDown}
        />
      </label>
      <div class="composer-foot">
        <p id="chat-hint" class="meta">
          Enter sends, Shift and Enter makes a new line, / offers canned answers.
        </p>
        <button type="submit" class="primary" disabled={busy.value || text.trim() === ""}>
          Send
        </button>
      </div>
    </form>
  );
}
