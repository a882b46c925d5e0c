import { useLayoutEffect, useRef } from "preact/hooks";
import type { Files } from "../../core/delivery/files.ts";
import { isOfInputMethod } from "../../keys.ts";
import { useT } from "../context.ts";
import { directionFor } from "./direction.ts";
import { isTouch } from "./touch.ts";
import { FileList } from "./FileList.tsx";
import { FilePicker } from "./FilePicker.tsx";
import { Icon } from "./Icon.tsx";

interface ComposerProps {
  readonly label: string;
  readonly text: string;
  readonly files: Files | undefined;
  onInput(text: string): void;
  onSend(): void;
}

/**
 * A single line that grows. Enter sends, Shift+Enter breaks the line; Enter during IME composition is left to the IME.
 * On a touch keyboard, Return breaks the line.
 */
export function Composer({ label, text, files, onInput, onSend }: ComposerProps) {
  const t = useT();
  const area = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    if (!area.current) return;
    area.current.style.blockSize = "auto";
    area.current.style.blockSize = `${area.current.scrollHeight}px`;
  }, [text]);
  const empty = text.trim() === "" && !files?.files.value.length;
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        if (!empty) onSend();
        area.current?.focus();
      }}
    >
      {files && <FileList files={files} />}
      <div class="composer-box">
        <textarea
          ref={area}
          rows={1}
          value={text}
          placeholder={label}
          aria-label={label}
          dir={directionFor(text)}
          enterkeyhint={isTouch() ? "enter" : "send"}
          onInput={(event) => onInput(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || isOfInputMethod(event) || isTouch()) return;
            event.preventDefault();
            if (!empty) onSend();
          }}
        />
        {files && <FilePicker files={files} label={t("thread.attach")} compact />}
        <button type="submit" class="send" aria-label={t("thread.send")} aria-disabled={empty}>
          <Icon name="send" />
        </button>
      </div>
    </form>
  );
}
