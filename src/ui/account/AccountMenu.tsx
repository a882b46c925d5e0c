import { useEffect, useRef, useState } from "preact/hooks";
import { languageName } from "../../i18n/index.ts";
import { isOfInputMethod } from "../../keys.ts";
import { useT, useUi } from "../context.ts";
import { SelectField } from "../parts/Field.tsx";
import { Icon } from "../parts/Icon.tsx";

/** Account name, language and sign-out. A disclosure: Escape, a click elsewhere or a focus change closes it. */
export function AccountMenu() {
  const t = useT();
  const { widget, i18n, setLocale } = useUi();
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const member = widget.session.session.value?.member;
  const signedIn = member !== undefined && !member.guest;

  useEffect(() => {
    if (!open) return;
    const close = (event: Event) => {
      if (root.current && !event.composedPath().includes(root.current)) setOpen(false);
    };
    document.addEventListener("pointerdown", close);
    return () => document.removeEventListener("pointerdown", close);
  }, [open]);

  return (
    <div
      ref={root}
      class="account"
      onFocusOut={({ relatedTarget }) => {
        // The menu covers the content below it, so it closes when the focus leaves.
        if (relatedTarget instanceof Node && !root.current?.contains(relatedTarget)) setOpen(false);
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !open || isOfInputMethod(event)) return;
        event.stopPropagation();
        setOpen(false);
        button.current?.focus();
      }}
    >
      <button
        ref={button}
        type="button"
        class="icon-button"
        aria-label={t("account.menu")}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon name="person" />
      </button>
      {open && (
        <div class="menu" tabIndex={-1}>
          <p class="menu-name">
            {signedIn ? t("account.signedInAs", { name: member.name ?? member.id }) : t("account.guest")}
          </p>
          {signedIn && member.rank && <p class="meta">{t("account.rank", { rank: member.rank })}</p>}
          <SelectField
            label={t("account.language")}
            value={i18n.locale.value}
            options={languageChoices(i18n.languages)}
            onInput={setLocale}
          />
          {signedIn && (
            <button
              type="button"
              class="secondary wide"
              onClick={() => {
                setOpen(false);
                void widget.signOut();
              }}
            >
              {t("account.signOut")}
            </button>
          )}
        </div>
      )}
    </div>
  );
}

/** Each language under its own name, sorted by name. */
const languageChoices = (languages: readonly string[]) =>
  languages
    .map((tag) => ({ value: tag, label: languageName(tag), lang: tag }))
    .toSorted((one, other) => one.label.localeCompare(other.label));
