import { useRef } from "preact/hooks";
import type { Area } from "../core/contract/adapter.ts";
import { isOfInputMethod } from "../keys.ts";
import { useT, useUi } from "./context.ts";
import { Count } from "./parts/Count.tsx";

const labels = { tickets: "tickets.tab", chat: "chat.tab" } as const satisfies Record<Area, string>;

/** The two tabs as a segmented control, with arrow keys as in the ARIA Authoring Practices' tabs pattern. */
export function Tabs({ tabs }: { readonly tabs: readonly Area[] }) {
  const t = useT();
  const { widget } = useUi();
  const list = useRef<HTMLDivElement>(null);
  const current = widget.route.value.tab;

  const go = (tab: Area) => widget.navigate(tab === "chat" ? { tab, view: "chat" } : { tab, view: "list" });

  function onKeyDown(event: KeyboardEvent) {
    if (isOfInputMethod(event)) return;
    const forward = getComputedStyle(event.currentTarget as Element).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const step = { [forward]: 1, [forward === "ArrowRight" ? "ArrowLeft" : "ArrowRight"]: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = tabs[(tabs.indexOf(current) + step + tabs.length) % tabs.length];
    if (!next) return;
    go(next);
    list.current?.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  }

  const counts = { tickets: widget.tickets.value?.list.awaiting.value ?? 0, chat: widget.unread.value };
  return (
    <div ref={list} class="tabs" role="tablist" aria-label={t("panel.tabs")} onKeyDown={onKeyDown}>
      {tabs.map((tab) => (
        <button
          key={tab}
          id={`tab-${tab}`}
          type="button"
          role="tab"
          aria-selected={current === tab}
          aria-controls="tabpanel"
          tabIndex={current === tab ? 0 : -1}
          onClick={() => go(tab)}
        >
          {t(labels[tab])}
          <Count of={counts[tab]} label={tab === "chat" ? "chat.unread" : "tickets.awaitingCount"} />
        </button>
      ))}
    </div>
  );
}
