import { useUi } from "../context.ts";
import { Icon } from "../parts/Icon.tsx";

/** The site's current message to all members, such as a known outage. */
export function SiteNotice() {
  const notice = useUi().widget.session.session.value?.notice;
  if (!notice) return null;
  return (
    <p class="notice site-notice" dir="auto">
      <Icon name="info" />
      {notice}
    </p>
  );
}
