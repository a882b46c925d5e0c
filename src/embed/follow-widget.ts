import { effect } from "@preact/signals-core";
import { formatRoute } from "../core/routes.ts";
import type { Emit, WidgetModel } from "../core/widget.ts";
import type { I18n } from "../i18n/index.ts";
import type { WidgetPage } from "../loader/app.ts";
import { remember, rememberFor } from "../loader/remembered.ts";
import { createTitleCount } from "./page/page-title.ts";

type Widget = InstanceType<typeof WidgetModel>;

/** What the rest of the page sees of the models: the launcher, the events, the next page of the site. Returns the ways to stop. */
export function followWidget(page: WidgetPage, widget: Widget, { t }: I18n, emit: Emit): readonly (() => void)[] {
  const { launcher, options } = page;
  const floats = page.view === "widget";
  let wasOpen = false;
  const title = options.titleCount === "on" ? createTitleCount() : undefined;
  return [
    effect(() => {
      const waiting = widget.waiting.value;
      const open = widget.open.value;
      const label = waiting ? t("launcher.waiting", { count: waiting }) : t("start.open");
      launcher.update({ label: open ? t("launcher.close") : label, open, waiting });
    }),
    effect(() => title?.show(widget.waiting.value)),
    () => title?.stop(),
    effect(() => {
      const open = widget.open.value;
      if (wasOpen && !open) page.closed();
      wasOpen = open;
    }),
    effect(() => {
      const status = widget.chat.value?.conversation.value?.status;
      const live = status === "queued" || status === "active";
      if (floats) remember({ open: widget.open.value, route: formatRoute(widget.route.value), live });
    }),
    // A widget that is made later begins closed; a running chat goes on in it.
    () => {
      const status = widget.chat.peek()?.conversation.peek()?.status;
      const live = status === "queued" || status === "active";
      if (floats) remember({ open: false, route: formatRoute(widget.route.peek()), live });
    },
    effect(() => {
      // What waits for a member who is signed in is known without a look at the panel, here and on the site's next pages.
      const session = widget.session.session.value;
      if (!session) return;
      const follow = session.member !== undefined && !session.member.guest && session.access.tickets.allowed;
      if (floats) rememberFor("follow", follow && "1");
      if (follow) widget.tickets.value?.follow();
    }),
    effect(() => emit("unread", { count: widget.waiting.value })),
    effect(() => {
      const state = widget.session.state.value;
      if (state.status === "failed") emit("error", { code: state.code });
    }),
  ];
}
