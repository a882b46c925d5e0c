import { useEffect, useRef } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { useDesk } from "./context.ts";

// A member sees "typing" for a while after each of these, so that one every few seconds is enough.
const tellEveryMs = 3000;
const idleMs = 4000;

export function ChatComposer({ id }: { readonly id: string }) {
  const { act, calls, drafts } = useDesk();
  const busy = useSignal(false);
  const told = useRef(0);
  const idle = useRef<ReturnType<typeof setTimeout>>(undefined);
  const text = drafts.text(id);

  function tell(typing: boolean): void {
    clearTimeout(idle.current);
    if (typing) idle.current = setTimeout(() => tell(false), idleMs);
    if (typing && Date.now() - told.current < tellEveryMs) return;
    if (!typing && told.current === 0) return;
    told.current = typing ? Date.now() : 0;
    // Nobody misses it when it is lost.
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

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <label>
        <span class="visually-hidden">Message</span>
        <textarea
          rows={2}
          value={text}
          readOnly={busy.value}
          placeholder="Write a message…"
          aria-describedby="chat-hint"
          onInput={(event) => {
            drafts.write(id, event.currentTarget.value);
            tell(event.currentTarget.value !== "");
          }}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            void send();
          }}
        />
      </label>
      <div class="composer-foot">
        <p id="chat-hint" class="meta">
          Enter sends, Shift and Enter makes a new line.
        </p>
        <button type="submit" class="primary" disabled={busy.value || text.trim() === ""}>
          Send
        </button>
      </div>
    </form>
  );
}
