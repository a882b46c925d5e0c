import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Files } from "../core/delivery/files.ts";
import { useT } from "./context.ts";
import { FileTarget } from "./parts/file-target.ts";

/** The inside of the panel. Accepts dropped and pasted files while a form or composer can take them. */
export function DropArea({ dir, children }: { readonly dir: "ltr" | "rtl"; readonly children: ComponentChildren }) {
  const t = useT();
  const target = useSignal<Files | undefined>(undefined);
  const [over, setOver] = useState(false);

  /** A spreadsheet copies its cells as text and as a picture. If there is text, it wins. */
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
    // Otherwise the browser navigates to the file, even if nothing accepts it.
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

/** A picture copied from a page brings its address as text; that is not the text the member means. */
function hasText(data: DataTransfer | null): boolean {
  const text = data?.getData("text/plain").trim() ?? "";
  return text !== "" && text !== data?.getData("text/uri-list").trim();
}

function isTextField(target: EventTarget | null): boolean {
  return target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement;
}
