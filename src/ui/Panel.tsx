import { useEffect, useRef } from "preact/hooks";
import type { Area } from "../core/contract/adapter.ts";
import { formatRoute } from "../core/routes.ts";
import { Announcer } from "./Announcer.tsx";
import { ClosedArea } from "./account/ClosedArea.tsx";
import { type Ui, UiContext, useT, useUi } from "./context.ts";
import { DropArea } from "./DropArea.tsx";
import { Header } from "./Header.tsx";
import { isHome } from "./home/is-home.ts";
import { SiteNotice } from "./home/SiteNotice.tsx";
import { Boundary } from "./parts/Boundary.tsx";
import { Empty } from "./parts/Empty.tsx";
import { ErrorNotice, Notice } from "./parts/Notice.tsx";
import { NotLoaded } from "./parts/NotLoaded.tsx";
import { Skeleton } from "./parts/Skeleton.tsx";
import { Tabs } from "./Tabs.tsx";
import { useFrame } from "./use-frame.ts";
import { useKeptFocus } from "./use-kept-focus.ts";
import { TicketsTab } from "./tickets/TicketsTab.tsx";

/** Rendered into `ui.frame`. */
export function Panel({ ui }: { readonly ui: Ui }) {
  return (
    <UiContext.Provider value={ui}>
      <Content />
    </UiContext.Provider>
  );
}

/** The frame's content: a dialog next to the page, a modal sheet on a phone, or the whole window on the chat page. */
function Content() {
  const { widget, i18n } = useUi();
  useFrame();
  useKeptFocus();
  if (!widget.open.value) return null;
  return (
    // The panel's content follows the widget's text direction; its corner follows the page's.
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
  const { widget, later } = useUi();
  const state = widget.session.state.value;
  const route = widget.route.value;
  const main = useRef<HTMLDivElement>(null);
  const at = formatRoute(route);
  // A later screen counts as another screen once its chunk is loaded: its heading can take the focus only then.
  const screen = isHome(widget) || later.screens.value ? at : `${at} (loading)`;
  const before = useRef(screen);
  useEffect(() => {
    if (!main.current || before.current === screen) return;
    before.current = screen;
    main.current.scrollTop = 0;
    catchFocus(main.current);
  }, [screen]);
  useEffect(() => later.load(), [later]);

  if (state.status === "connecting") return <Skeleton label={t("panel.connecting")} rows={5} />;
  if (state.status === "failed") return <ErrorNotice code={state.code} onRetry={() => void widget.session.retry()} />;

  const tabs = (["tickets", "chat"] as const satisfies Area[]).filter((tab) => widget.offers(tab));
  return (
    <>
      {tabs.length > 1 && <Tabs tabs={tabs} />}
      <Connection />
      <LeftBehind />
      {isHome(widget) && <SiteNotice />}
      <div
        ref={main}
        id="tabpanel"
        class="body"
        {...(tabs.length > 1 && { role: "tabpanel", "aria-labelledby": `tab-${route.tab}` })}
      >
        {/* The key resets the boundary on another screen. */}
        <Boundary key={at}>{route.tab === "tickets" ? <TicketsTab /> : <ChatArea />}</Boundary>
      </div>
    </>
  );
}

function ChatArea() {
  const t = useT();
  const { widget, inOwnTab, closeChatPage } = useUi();
  const access = widget.session.session.value?.access.chat;
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
  return <ChatScreen />;
}

function ChatScreen() {
  const { widget, later } = useUi();
  const screens = later.screens.value;
  if (screens && widget.chat.value) return <screens.ChatTab />;
  return <NotLoaded load={() => void widget.withChat()} />;
}

/** The button that led here was removed and took the focus with it: focus the new screen's heading. */
function catchFocus(screen: HTMLElement) {
  const root = screen.getRootNode();
  const heading = screen.querySelector("h2");
  if (!heading || !(root instanceof ShadowRoot)) return;
  // `useKeptFocus` may have moved it to the screen itself.
  if (root.activeElement && root.activeElement !== screen) return;
  heading.tabIndex = -1;
  heading.focus();
}

/** A guest's chat could not be moved to the account they signed in to. */
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

/** The only place that shows connection problems. */
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
