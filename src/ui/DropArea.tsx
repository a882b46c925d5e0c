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

  function take(event: Event, data: DataTransfer | null) {
    const files = [...(data?.files ?? [])];
    if (!target.value || files.length === 0) return;
    event.preventDefault();
    target.value.add(files);
  }
  const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") && target.value;

  return (
    <FileTarget.Provider value={target}>
      <div
        class="inside"
        dir={dir}
        onDragOver={(event) => {
          if (!carriesFiles(event)) return;
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={(event) => {
          const to = event.relatedTarget;
          if (!(to instanceof Node) || !event.currentTarget.contains(to)) setOver(false);
        }}
        onDrop={(event) => {
          setOver(false);
          take(event, event.dataTransfer);
        }}
        onPaste={(event) => take(event, event.clipboardData)}
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
