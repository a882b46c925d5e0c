import { useT, useUi } from "../context.ts";
import { Avatar } from "../parts/Avatar.tsx";
import { Icon } from "../parts/Icon.tsx";

/** Returns to a chat that has not ended. */
export function RunningChat() {
  const t = useT();
  const { widget } = useUi();
  const conversation = widget.chat.value?.conversation.value;
  if (!conversation || conversation.status === "ended") return null;
  const { agent } = conversation;
  return (
    <button type="button" class="running-chat" onClick={() => widget.navigate({ tab: "chat", view: "chat" })}>
      {agent?.name ? <Avatar name={agent.name} picture={agent.picture} /> : <Icon name="chat" />}
      <span>{t("home.continueChat")}</span>
      <Icon name="forward" size={18} />
    </button>
  );
}
