import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Files } from "../core/delivery/files.ts";
import { useT } from "./context.ts";
import { FileTarget } from "./parts/file-target.ts";

/** The inside of the panel: takes files that are dropped anywhere on it or pasted into it, while there is a place for them. */
export function DropArea({ dir, children }: { readonly dir: "ltr" | "rtl"; readonly children: ComponentChildren }) {
  const t = useT();
  const target = useSignal<Files | undefined>(undefined);
  const [over, setOver] = useState(false);

  /** A spreadsheet gives its cells as text and as a picture of them: where there is text, it is the text that is meant. */
  function paste(event: ClipboardEvent) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!target.value || files.length === 0 || hasText(event.clipboardData)) return;
    event.preventDefault();
    target.value.add(files);
  }
  function drop(event: DragEvent) {
    setOver(false);
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length === 0 || (hasText(event.dataTransfer) && isTextField(event.target))) return;
    // Otherwise the browser would leave the page for the file, also where none is taken.
    event.preventDefault();
    target.value?.add(files);
  }

  return (
    <FileTarget.Provider value={target}>
      <div
        class="inside"
        dir={dir}
        onDragOver={(event) => {
          if (!event.dataTransfer?.types.includes("Files")) return;
          event.preventDefault();
          if (target.value) setOver(true);
          else event.dataTransfer.dropEffect = "none";
        }}
        onDragLeave={(event) => {
          const to = event.relatedTarget;
          if (!(to instanceof Node) || !event.currentTarget.contains(to)) setOver(false);
        }}
        onDrop={drop}
        onPaste={paste}
      >
        {children}
        {over && (
          <div class="drop" aria-hidden="true">
            {t("panel.drop")}
          </div>
        )}
      </div>
    </FileTarget.Provider>
  );
}

/** A picture out of a page comes with its address, which is not meant as text. */
function hasText(data: DataTransfer | null): boolean {
  const text = data?.getData("text/plain").trim() ?? "";
  return text !== "" && text !== data?.getData("text/uri-list").trim();
}

function isTextField(target: EventTarget | null): boolean {
  return target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement;
}
