import { effect, type ReadonlySignal } from "@preact/signals-core";
import { isOn, type Options } from "../core/options.ts";
import { formatRoute } from "../core/routes.ts";
import type { Emit, WidgetModel } from "../core/widget.ts";
import type { I18n } from "../i18n/index.ts";
import type { WidgetPage } from "../loader/app.ts";
import { remember, rememberFor } from "../loader/remembered.ts";
import { createTitleCount } from "./page/page-title.ts";

type Widget = InstanceType<typeof WidgetModel>;

/**
 * Forwards the models' state to the rest of the page: the launcher, the events, the site's next page. Returns functions
 * that stop it.
 */
export function followWidget(
  page: WidgetPage,
  options: ReadonlySignal<Options>,
  widget: Widget,
  { t, locale }: I18n,
  emit: Emit,
): readonly (() => void)[] {
  const { launcher } = page;
  const floats = page.view === "widget";
  let wasOpen = false;
  const title = createTitleCount();
  return [
    effect(() => {
      const waiting = widget.waiting.value;
      const open = widget.open.value;
      const label = waiting ? t("launcher.waiting", { count: waiting }) : t("start.open");
      launcher.update({ label: open ? t("launcher.close") : label, open, waiting });
      launcher.element.lang = locale.value;
    }),
    effect(() => {
      if (isOn(options.value.titleCount, false)) title.show(widget.waiting.value);
      else title.stop();
    }),
    title.stop,
    effect(() => page.setLook(options.value)),
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
    // A widget created later starts closed; a running chat continues in it.
    () => {
      const status = widget.chat.peek()?.conversation.peek()?.status;
      const live = status === "queued" || status === "active";
      if (floats) remember({ open: false, route: formatRoute(widget.route.peek()), live });
    },
    effect(() => {
      // For signed-in members, load the badge count without opening the panel, here and on later pages.
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
