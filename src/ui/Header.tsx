import { useState } from "preact/hooks";
import { AccountMenu } from "./account/AccountMenu.tsx";
import { useT, useUi } from "./context.ts";
import { Icon } from "./parts/Icon.tsx";
import { weekdayTime } from "./parts/time.ts";
import { Notice } from "./parts/Notice.tsx";

/** The team's name, one honest line about it, and the few controls of the panel. */
export function Header() {
  const t = useT();
  const { widget, view, openChatPage } = useUi();
  const [blocked, setBlocked] = useState(false);
  const route = widget.route.value;
  const inside = route.tab === "tickets" && route.view !== "list" && widget.tickets.value?.canList.value;
  return (
    <>
      <div class="head">
        {inside && (
          <button
            type="button"
            class="icon-button"
            aria-label={t("thread.back")}
            onClick={() => widget.navigate({ tab: "tickets", view: "list" })}
          >
            <Icon name="back" />
          </button>
        )}
        <div class="head-text">
          <h1 id="panel-title">{widget.session.session.value?.team ?? t("panel.title")}</h1>
          <StatusLine />
        </div>
        {route.tab === "chat" && view === "widget" && widget.canPopOut.value && (
          <button
            type="button"
            class="icon-button"
            aria-label={t("chat.ownTab")}
            onClick={() => void openChatPage().then((opened) => setBlocked(!opened))}
          >
            <Icon name="newTab" />
          </button>
        )}
        <AccountMenu />
        {view === "widget" && (
          <button type="button" class="icon-button" aria-label={t("start.close")} onClick={() => widget.hide()}>
            <Icon name="close" />
          </button>
        )}
      </div>
      {blocked && <Notice tone="warn">{t("chat.ownTabFailed")}</Notice>}
    </>
  );
}

function StatusLine() {
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
