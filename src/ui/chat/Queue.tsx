import { useEffect, useRef, useState } from "preact/hooks";
import { canReach } from "../can-reach.ts";
import type { Widget } from "../context.ts";
import { useT, useUi } from "../context.ts";
import { CheckboxField } from "../parts/Field.tsx";
import { Notice } from "../parts/Notice.tsx";
import { RichText } from "../parts/RichText.tsx";

type Chat = NonNullable<Widget["chat"]["value"]>;

/** The live position in the queue, with buttons to leave it or to file a ticket. */
export function Queue({ chat }: { readonly chat: Chat }) {
  const t = useT();
  const { widget, alerts, queueMs } = useUi();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const conversation = chat.conversation.value;
  const waitMs = conversation?.waitMs ?? chat.availability.value?.waitMs;
  const graceMs = conversation?.graceMs;
  const isOverdue = useOverdue(conversation?.createdAt, queueMs);
  const question = chat.question.value;
  return (
    <div class="screen queue">
      <h2 ref={heading} tabIndex={-1}>
        {t("chat.queueTitle")}
      </h2>
      <Place conversation={conversation} waitMs={waitMs} />
      {isOverdue ? <Notice tone="warn">{t("chat.overdue")}</Notice> : <p>{t("chat.queueText")}</p>}
      {graceMs !== undefined && <p class="meta">{t("chat.grace", { count: minutes(graceMs) })}</p>}
      <CheckboxField
        label={t("chat.tellMe")}
        hint={t("chat.tellMeHint")}
        checked={alerts.wanted.value}
        onInput={(wanted) => void alerts.want(wanted)}
      />
      {question && (
        <div class="message member first">
          <div class="bubble">
            <RichText text={question} by="member" />
          </div>
        </div>
      )}
      <div class="stack push">
        {canReach(widget, "tickets") && (
          <button
            type="button"
            class={isOverdue ? "primary" : "secondary"}
            onClick={() => widget.leaveQueueForTicket(question)}
          >
            {t("chat.toTicket")}
          </button>
        )}
        <Leave chat={chat} />
      </div>
    </div>
  );
}

/** Leaves the queue. Until the desk confirms it, the member sees that and can stay. */
function Leave({ chat }: { readonly chat: Chat }) {
  const t = useT();
  const leaving = chat.leaving.value;
  if (leaving === undefined) {
    return (
      <button type="button" class="link" onClick={() => chat.end()}>
        {t("chat.leave")}
      </button>
    );
  }
  return (
    <Notice tone={leaving === "retrying" ? "warn" : "plain"}>
      <p>{t(leaving === "retrying" ? "chat.leavingOffline" : "chat.leaving")}</p>
      {leaving === "retrying" && (
        <button type="button" class="link" onClick={() => chat.stay()}>
          {t("chat.stay")}
        </button>
      )}
    </Notice>
  );
}

const minutes = (ms: number) => Math.max(1, Math.round(ms / 60_000));

interface PlaceProps {
  readonly conversation: Chat["conversation"]["value"];
  readonly waitMs: number | undefined;
}

function Place({ conversation, waitMs }: PlaceProps) {
  const t = useT();
  const { i18n } = useUi();
  const position = conversation?.position;
  if (position === undefined) return null;
  return (
    <p class="place" role="status">
      <span class="place-number" aria-hidden="true">
        {new Intl.NumberFormat(i18n.locale.value).format(position)}
      </span>
      <span>
        <span aria-hidden="true">{t("chat.place")}</span>
        <span class="unseen">{t("chat.position", { position })}</span>
        {position === 1 && <span class="meta">{t("chat.next")}</span>}
        {waitMs !== undefined && <span class="meta">{t("chat.wait", { count: minutes(waitMs) })}</span>}
      </span>
    </p>
  );
}

/** `setTimeout` fires immediately for longer delays. */
const longestMs = 2 ** 31 - 1;

/** True if no agent has joined within the site's limit. */
function useOverdue(since: string | undefined, limitMs: number): boolean {
  const { clock } = useUi().widget;
  const dueMs = Date.parse(since ?? "") + limitMs;
  const [overdue, setOverdue] = useState<string>();
  useEffect(() => {
    if (since === undefined || Number.isNaN(dueMs)) return undefined;
    const timer = setTimeout(() => setOverdue(since), Math.min(Math.max(0, dueMs - clock.now()), longestMs));
    return () => clearTimeout(timer);
  }, [since, dueMs, clock.offset.value]);
  return since !== undefined && (overdue === since || dueMs <= clock.now());
}
