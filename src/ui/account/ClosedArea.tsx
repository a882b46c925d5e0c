import { useEffect } from "preact/hooks";
import type { Area, AreaAccess } from "../../core/contract/adapter.ts";
import { useT, useUi } from "../context.ts";
import { Empty } from "../parts/Empty.tsx";
import { SignIn } from "./SignIn.tsx";

interface ClosedAreaProps {
  readonly area: Area;
  readonly access: Extract<AreaAccess, { allowed: false }>;
}

/** An area that is not open to this member: what it is, why it is closed, and what to do. */
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
      {widget.canSignIn.value ? <SignIn /> : <p class="center">{t("account.siteSignIn")}</p>}
    </div>
  );
}

function RankTooLow({ area, rank }: { readonly area: Area; readonly rank: string }) {
  const t = useT();
  const { widget } = useUi();
  const session = widget.session.session.value;
  const mine = session?.member?.rank;
  const other: Area = area === "tickets" ? "chat" : "tickets";
  const otherOpen = widget.offers(other) && session?.access[other].allowed;
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
