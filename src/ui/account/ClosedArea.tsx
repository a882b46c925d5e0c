import { useEffect } from "preact/hooks";
import type { Area, AreaAccess } from "../../core/contract/adapter.ts";
import { useT, useUi, type Widget } from "../context.ts";
import { Empty } from "../parts/Empty.tsx";
import { SignIn } from "./SignIn.tsx";

interface ClosedAreaProps {
  readonly area: Area;
  readonly access: Extract<AreaAccess, { allowed: false }>;
}

/** An area this member may not use: what it is, why it is closed, and what to do. */
export function ClosedArea({ area, access }: ClosedAreaProps) {
  return access.reason === "sign-in" ? <SignInFirst /> : <RankTooLow area={area} rank={access.from ?? ""} />;
}

function SignInFirst() {
  const t = useT();
  const { widget } = useUi();
  useEffect(() => widget.needIdentity(), [widget]);
  return (
    <div class="screen">
      <Empty icon="lock" title={t("closed.signInTitle")}>
        <p>{t("closed.signInText")}</p>
      </Empty>
      {widget.canSignIn.value ? <SignIn /> : <SignInAtSite />}
    </div>
  );
}

function SignInAtSite() {
  const t = useT();
  const { signInUrl } = useUi();
  if (signInUrl === undefined) return <p class="center">{t("account.siteSignIn")}</p>;
  return (
    <a class="primary" href={signInUrl}>
      {t("account.signIn")}
    </a>
  );
}

function RankTooLow({ area, rank }: { readonly area: Area; readonly rank: string }) {
  const t = useT();
  const { widget } = useUi();
  const session = widget.session.session.value;
  const mine = session?.member?.rank;
  const other: Area = area === "tickets" ? "chat" : "tickets";
  const otherOpen = isOpen(widget, other);
  return (
    <Empty icon="lock" title={t("closed.rankTitle", { rank })}>
      <p>{t(area === "tickets" ? "closed.rankText" : "closed.chatRankText", { rank })}</p>
      {mine && <p class="meta">{t("closed.rankYours", { rank: mine })}</p>}
      {area === "tickets" && otherOpen && <p>{t("closed.rankNext", { rank })}</p>}
      {otherOpen && (
        <button
          type="button"
          class="primary"
          onClick={() =>
            widget.navigate(other === "chat" ? { tab: "chat", view: "chat" } : { tab: "tickets", view: "new" })
          }
        >
          {t(other === "chat" ? "closed.toChat" : "closed.toTickets")}
        </button>
      )}
    </Empty>
  );
}

/** Whether the member gets help in this area now: a chat that is closed would only lead back here. */
function isOpen(widget: Widget, area: Area): boolean {
  const isClosed = area === "chat" && widget.chat.value?.availability.value?.open === false;
  return widget.offers(area) && widget.session.session.value?.access[area].allowed === true && !isClosed;
}
