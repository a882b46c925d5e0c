import { useT } from "../context.ts";

/** Shows a number; screen readers get a sentence. */
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
