import { useT } from "../context.ts";

/** A number for the eye, a sentence for the ear. */
export function Count({ of, label }: { readonly of: number; readonly label: "chat.unread" | "tickets.awaitingCount" }) {
  const t = useT();
  if (of === 0) return null;
  return (
    <>
      <span class="count" aria-hidden="true">
        {of}
      </span>
      <span class="unseen">, {t(label, { count: of })}</span>
    </>
  );
}
