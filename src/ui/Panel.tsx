import { useEffect, useRef } from "preact/hooks";
import type { Area } from "../core/contract/adapter.ts";
import { formatRoute } from "../core/routes.ts";
import { isOfInputMethod } from "../keys.ts";
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
import { useSheet } from "./use-sheet.ts";
import { TicketsTab } from "./tickets/TicketsTab.tsx";

export function Panel({ ui }: { readonly ui: Ui }) {
  return (
    <UiContext.Provider value={ui}>
      <Frame />
    </UiContext.Provider>
  );
}

/** A dialog beside the page; a sheet that holds the focus on a phone; the whole window on the chat page. */
function Frame() {
  const { widget, i18n, view, takesFocus } = useUi();
  const panel = useRef<HTMLElement>(null);
  const open = widget.open.value;
  const page = view === "page";

  useEffect(() => {
    if (open && !page && takesFocus.peek()) panel.current?.focus();
  }, [open, page]);
  const isModal = useSheet(panel, open && !page);
  useKeyboardInset(panel);

  return (
    <section
      ref={panel}
      part="panel"
      class={page ? "panel page" : "panel"}
      role={page ? "main" : "dialog"}
      aria-labelledby="panel-title"
      aria-modal={isModal || undefined}
      lang={i18n.locale.value}
      tabIndex={-1}
      hidden={!open}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !page && !isOfInputMethod(event)) widget.hide();
        if (event.key === "Tab" && isModal) keepInside(event);
      }}
    >
      {open && (
        // Its own direction inside; its corner is the page's.
        <DropArea dir={i18n.direction.value}>
          <Boundary>
            <Header />
          </Boundary>
          <Body />
          <Announcer />
        </DropArea>
      )}
    </section>
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
        {t("panel.close")}
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

function keepInside(event: KeyboardEvent) {
  const panel = event.currentTarget as HTMLElement;
  const inside = [
    ...panel.querySelectorAll<HTMLElement>("a[href], button:not(:disabled), input, select, textarea, [tabindex]"),
  ].filter((element) => element.tabIndex >= 0 && element.checkVisibility());
  const root = panel.getRootNode() as ShadowRoot;
  const first = inside[0];
  const last = inside.at(-1);
  const [from, to] = event.shiftKey ? [first, last] : [last, first];
  const here = root.activeElement;
  if (here === from || here === panel) {
    if (here === panel && !event.shiftKey) return;
    event.preventDefault();
    to?.focus();
  }
}

/** Keeps the sheet clear of a phone's keyboard, which covers the page without resizing it. */
function useKeyboardInset(panel: { readonly current: HTMLElement | null }) {
  useEffect(() => {
    const viewport = window.visualViewport;
    if (!viewport) return;
    const set = () => panel.current?.style.setProperty("--visible-height", `${viewport.height}px`);
    set();
    viewport.addEventListener("resize", set);
    return () => viewport.removeEventListener("resize", set);
  }, []);
}
