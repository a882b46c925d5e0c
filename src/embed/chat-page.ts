import type { WidgetModel } from "../core/widget.ts";
import type { I18n } from "../i18n/index.ts";
import { complain } from "./log.ts";

/** The tab is opened within the click, before the address is known: a browser blocks one that comes later. */
export async function openChatPage(widget: InstanceType<typeof WidgetModel>, i18n: I18n): Promise<boolean> {
  const tab = window.open("about:blank", "_blank");
  if (!tab) return false;
  tab.opener = null;
  try {
    const address = await widget.session.chatPage();
    if (!address) throw new Error("the adapter has no chat page");
    const url = new URL(address);
    url.searchParams.set("locale", i18n.locale.peek());
    tab.location.href = url.href;
    return true;
  } catch (error) {
    tab.close();
    complain("the chat page could not be opened", error);
    return false;
  }
}
