import { useState } from "preact/hooks";
import { AccountMenu } from "./account/AccountMenu.tsx";
import { useT, useUi } from "./context.ts";
import { Greeting } from "./home/Greeting.tsx";
import { isHome } from "./home/is-home.ts";
import { TeamFaces } from "./home/TeamFaces.tsx";
import { Icon } from "./parts/Icon.tsx";
import { Notice } from "./parts/Notice.tsx";
import { StatusLine } from "./StatusLine.tsx";

/** The team's name, its availability, and the panel's controls. The first screen greets the member instead. */
export function Header() {
  const t = useT();
  const { widget } = useUi();
  const [blocked, setBlocked] = useState(false);
  const route = widget.route.value;
  const inside = route.tab === "tickets" && route.view !== "list" && widget.tickets.value?.canList.value;
  const home = isHome(widget);
  return (
    <>
      <div class={home ? "head home" : "head"}>
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
        {home && <TeamFaces />}
        <div class="head-text">
          <h1 id="panel-title">{widget.session.session.value?.team ?? t("panel.title")}</h1>
          {!home && <StatusLine />}
        </div>
        <Controls onBlocked={setBlocked} />
        {home && <Greeting />}
      </div>
      {blocked && <Notice tone="warn">{t("chat.ownTabFailed")}</Notice>}
    </>
  );
}

/** `onBlocked` receives whether the browser blocked the chat page's tab. */
function Controls({ onBlocked }: { onBlocked(blocked: boolean): void }) {
  const t = useT();
  const { widget, view, openChatPage } = useUi();
  const opensPage = widget.route.value.tab === "chat" && view === "widget" && widget.canPopOut.value;
  return (
    <>
      {opensPage && (
        <button
          type="button"
          class="icon-button"
          aria-label={t("chat.ownTab")}
          onClick={() => void openChatPage().then((opened) => onBlocked(!opened))}
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
    </>
  );
}
