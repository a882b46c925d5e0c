import { useState } from "preact/hooks";
import type { AdapterErrorCode } from "../../core/contract/errors.ts";
import { isAdapterError } from "../../core/contract/errors.ts";
import { wordsOf } from "../../core/contract/message-body.ts";
import type { Widget } from "../context.ts";
import { useT, useUi } from "../context.ts";
import { authorName } from "../parts/author-name.ts";
import { ErrorNotice } from "../parts/Notice.tsx";
import { clockTime } from "../parts/time.ts";

/** The transcript: as a file, and by e-mail if the desk can send it. */
export function Transcript({ chat }: { readonly chat: NonNullable<Widget["chat"]["value"]> }) {
  const t = useT();
  const { widget, i18n } = useUi();
  const [mailed, setMailed] = useState(false);
  const [failure, setFailure] = useState<AdapterErrorCode>();
  const fail = (error: unknown) => setFailure(isAdapterError(error) ? error.code : "unknown");

  async function save() {
    setFailure(undefined);
    const messages = await chat.transcript();
    const text = messages.map((message) => {
      const { author, at, attachments = [] } = message;
      const files = attachments.map(({ name }) => `[${name}]`);
      return [
        `${authorName(author, t)}, ${clockTime(at, i18n.locale.value, widget.clock.now())}`,
        wordsOf(message),
        ...files,
      ]
        .filter(Boolean)
        .join("\n");
    });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text.join("\n\n")], { type: "text/plain;charset=utf-8" }));
    link.download = `${t("chat.tab")}-${chat.conversation.value?.createdAt.slice(0, 10)}.txt`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  return (
    <>
      <button type="button" class="link" onClick={() => void save().catch(fail)}>
        {t("chat.save")}
      </button>
      {chat.canMail.value && !mailed && (
        <button type="button" class="link" onClick={() => void chat.mailTranscript().then(() => setMailed(true), fail)}>
          {t("chat.mail")}
        </button>
      )}
      {mailed && <p role="status">{t("chat.mailed")}</p>}
      {failure && <ErrorNotice code={failure} />}
    </>
  );
}
