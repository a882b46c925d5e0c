import { useT, useUi } from "./context.ts";
import { weekdayTime } from "./parts/time.ts";

/** Whether the team is online, and the desk's measured answer time. Empty until the desk has answered. */
export function StatusLine() {
  const t = useT();
  const { widget, i18n } = useUi();
  const availability = widget.chat.value?.availability.value;
  if (!availability) return null;
  const { open, waitMs, opensAt } = availability;
  const text = open
    ? waitMs === undefined
      ? t("panel.open")
      : t("panel.answersIn", { count: Math.max(1, Math.round(waitMs / 60_000)) })
    : opensAt
      ? t("panel.backAt", { when: weekdayTime(opensAt, i18n.locale.value) })
      : t("panel.closed");
  return (
    <p class="head-status">
      <span class={open ? "dot on" : "dot"} aria-hidden="true" />
      {text}
    </p>
  );
}
