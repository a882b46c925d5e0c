import { signal } from "@preact/signals-core";
import type { WidgetModel } from "../../core/widget.ts";
import type { I18n } from "../../i18n/index.ts";
import { warn } from "../../loader/log.ts";

/** Browsers report no event when a window is closed. */
const lookMs = 500;

/** The chat in a separate tab, as seen by the page that opened it. */
export function createChatPage(widget: InstanceType<typeof WidgetModel>, i18n: I18n) {
  const inOwnTab = signal(false);
  let tab: Window | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;
  let isStopped = false;

  function watch() {
    inOwnTab.value = tab !== undefined && !tab.closed;
    if (inOwnTab.peek()) return;
    clearInterval(timer);
    tab = undefined;
  }

  return {
    inOwnTab,
    /** Within the click, before the address is known: a browser blocks a tab that is opened later. */
    async open(): Promise<boolean> {
      const opened = openTab();
      if (!opened) return false;
      try {
        opened.opener = null;
        const address = await widget.session.chatPage();
        if (!address) throw new Error("the adapter has no chat page");
        if (isStopped) throw new Error("the widget was destroyed");
        const url = new URL(address);
        url.searchParams.set("locale", i18n.locale.peek());
        opened.location.href = url.href;
        tab = opened;
        clearInterval(timer);
        timer = setInterval(watch, lookMs);
        watch();
        return true;
      } catch (error) {
        opened.close();
        warn("the chat page could not be opened", error);
        return false;
      }
    },
    close() {
      tab?.close();
      watch();
    },
    stop() {
      isStopped = true;
      clearInterval(timer);
    },
  };
}

/** Undefined if the browser forbids it. */
function openTab(): Window | undefined {
  try {
    return window.open("about:blank", "_blank") ?? undefined;
  } catch {
    return undefined;
  }
}
