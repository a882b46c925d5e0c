import type { Widget } from "../context.ts";
import { useT } from "../context.ts";
import { Icon } from "../parts/Icon.tsx";
import { StatusShape } from "../tickets/status.tsx";

/** A link at the top of the list to the issues that wait for the member's reply. */
export function WaitingForYou({ list }: { readonly list: NonNullable<Widget["tickets"]["value"]>["list"] }) {
  const t = useT();
  const count = list.awaiting.value;
  if (count === 0 || list.filter.value === "awaiting") return null;
  return (
    <button type="button" class="waiting" onClick={() => list.show("awaiting")}>
      <StatusShape status="awaiting" />
      <span>{t("home.waiting", { count })}</span>
      <Icon name="forward" size={18} />
    </button>
  );
}
