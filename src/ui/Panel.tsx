import { useEffect, useRef } from "preact/hooks";
import type { Area } from "../core/contract/adapter.ts";
import { formatRoute } from "../core/routes.ts";
import { Announcer } from "./Announcer.tsx";
import { ClosedArea } from "./account/ClosedArea.tsx";
import { type Ui, UiContext, useT, useUi } from "./context.ts";
import { DropArea } from "./DropArea.tsx";
import { Header } from "./Header.tsx";
import { Boundary } from "./parts/Boundary.tsx";
import { Empty } from "./parts/Empty.tsx";
import { ErrorNotice, Notice } from "./parts/Notice.tsx";
import { Skeleton } from "./parts/Skeleton.tsx";
import { Tabs } from "./Tabs.tsx";
import { useFrame } from "./use-frame.ts";
import { TicketsTab } from "./tickets/TicketsTab.tsx";

/** Drawn into `ui.frame`. */
export function Panel({ ui }: { readonly ui: Ui }) {
  return (
    <UiContext.Provider value={ui}>
      <Content />
    </UiContext.Provider>
  );
}

/** What is in the frame: a dialog beside the page; a sheet that holds the focus on a phone; the window on the chat page. */
function Content() {
  const { widget, i18n } = useUi();
  useFrame();
  if (!widget.open.value) return null;
  return (
    // Its own direction inside; its corner is the page's.
    <DropArea dir={i18n.direction.value}>
      <Boundary>
        <Header />
      </Boundary>
      <Body />
      <Announcer />
    </DropArea>
  );
}

function Body() {
  const t = useT();
  const { widget } = useUi();
  const state = widget.session.state.value;
  const route = widget.route.value;
  const main = useRef<HTMLDivElement>(null);
  const at = formatRoute(route);
  const before = useRef(at);
  useEffect(() => {
    if (!main.current || before.current === at) return;
    before.current = at;
    main.current.scrollTop = 0;
    catchFocus(main.current);
  }, [at]);

  if (state.status === "connecting") return <Skeleton label={t("panel.connecting")} rows={5} />;
  if (state.status === "failed") return <ErrorNotice code={state.code} onRetry={() => void widget.session.retry()} />;

  const tabs = (["tickets", "chat"] as const satisfies Area[]).filter((tab) => widget.offers(tab));
  return (
    <>
      {tabs.length > 1 && <Tabs tabs={tabs} />}
      <Connection />
      <LeftBehind />
      <div
        ref={main}
        id="tabpanel"
        class="body"
        {...(tabs.length > 1 && { role: "tabpanel", "aria-labelledby": `tab-${route.tab}` })}
      >
        {/* Another screen is another try. */}
        <Boundary key={at}>{route.tab === "tickets" ? <TicketsTab /> : <ChatArea />}</Boundary>
      </div>
    </>
  );
}

/** The chat is a part of the widget that comes after the first screen. */
function ChatArea() {
  const t = useT();
  const { widget, chatTab, inOwnTab, closeChatPage } = useUi();
  const access = widget.session.session.value?.access.chat;
  const Tab = chatTab.value;
  if (inOwnTab.value) {
    return (
      <Empty icon="newTab" title={t("chat.inOwnTab")}>
        <button type="button" class="primary" onClick={closeChatPage}>
          {t("chat.backHere")}
        </button>
      </Empty>
    );
  }
  if (access && !access.allowed) return <ClosedArea area="chat" access={access} />;
  if (Tab && widget.chat.value) return <Tab />;
  if (widget.chatFailed.value === "outdated") return <Outdated />;
  if (widget.chatFailed.value) return <ErrorNotice code="network" onRetry={() => void widget.withChat()} />;
  return <Skeleton label={t("panel.connecting")} />;
}

/** The site has a newer widget than the one on this page: what the page has not fetched yet is not there any more. */
function Outdated() {
  const t = useT();
  return (
    <Notice tone="warn">
      <p>{t("panel.outdated")}</p>
      <button type="button" class="primary" onClick={() => location.reload()}>
        {t("panel.reload")}
      </button>
    </Notice>
  );
}

/** The button that led here is gone, and the focus with it: the new screen's heading takes it. */
function catchFocus(screen: HTMLElement) {
  const root = screen.getRootNode();
  const heading = screen.querySelector("h2");
  if (!heading || !(root instanceof ShadowRoot) || root.activeElement) return;
  heading.tabIndex = -1;
  heading.focus();
}

/** A guest's chat could not go over to the account that they signed in to. */
function LeftBehind() {
  const t = useT();
  const { session } = useUi().widget;
  if (!session.leftBehind.value) return null;
  return (
    <Notice tone="warn">
      <p>{t("account.leftBehind")}</p>
      <button type="button" class="link" onClick={() => session.dismissLeftBehind()}>
        {t("start.close")}
      </button>
    </Notice>
  );
}

/** The one place that speaks of the network. */
function Connection() {
  const t = useT();
  const { widget } = useUi();
  if (!widget.online.value) return <Notice tone="warn">{t("panel.offline")}</Notice>;
  const chat = widget.chat.value;
  const status = chat?.conversation.value?.status;
  const states = [
    status && status !== "ended" ? chat.connection.value : undefined,
    widget.tickets.value?.connection.value,
  ];
  if (states.includes("lost")) return <Notice tone="warn">{t("panel.reconnecting")}</Notice>;
  return states.includes("polling") ? <Notice>{t("panel.polling")}</Notice> : null;
}
