import { useId, useRef, useState } from "preact/hooks";
import { useT, useUi } from "../context.ts";
import { ErrorLine } from "./Notice.tsx";
import { RichText } from "./RichText.tsx";

/**
 * The consent that the site requires before the first message. `error` is set while it is required and missing; `give`
 * stores it when the message is sent.
 */
export function useConsent() {
  const t = useT();
  const { widget, consent } = useUi();
  const { consent: words, member } = widget.session.session.value ?? {};
  /** Of this person, to these words. A guest gets an id only with the first message. */
  const agreement = `${member && !member.guest ? member.id : "guest"}\n${words}`;
  /** The words that were ticked: other words are asked for anew. */
  const [ticked, setTicked] = useState<string>();
  const box = useRef<HTMLInputElement>(null);
  const isAsked = words !== undefined && agreement !== consent.given.value;
  const agreed = ticked !== undefined && ticked === words;
  return {
    words: isAsked ? words : undefined,
    box,
    agreed,
    setAgreed: (isTicked: boolean) => setTicked(isTicked ? words : undefined),
    error: isAsked && !agreed ? t("consent.needed") : undefined,
    give() {
      if (isAsked) consent.give(agreement);
    },
  };
}

interface ConsentFieldProps {
  readonly consent: ReturnType<typeof useConsent>;
  /** The member tried to send without consenting. */
  readonly checked: boolean;
}

/** The site's text may contain links, so it can't be a `<label>`: `aria-labelledby` names the checkbox instead. */
export function ConsentField({ consent, checked }: ConsentFieldProps) {
  const t = useT();
  const id = useId();
  const { words, box, agreed, error, setAgreed } = consent;
  if (words === undefined) return null;
  return (
    <fieldset class="field consent">
      <legend>{t("consent.title")}</legend>
      <div class="checkbox">
        <input
          ref={box}
          type="checkbox"
          required
          aria-labelledby={id}
          aria-describedby={checked && error ? `${id}-error` : undefined}
          aria-invalid={checked && error ? true : undefined}
          checked={agreed}
          onChange={(event) => setAgreed(event.currentTarget.checked)}
        />
        <div id={id}>
          <RichText text={words} />
        </div>
      </div>
      {checked && error && <ErrorLine id={`${id}-error`}>{error}</ErrorLine>}
    </fieldset>
  );
}
