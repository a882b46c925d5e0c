import { useDesk } from "./context.ts";

export function TopBar() {
  const { agent, available, connected, queue, setAvailable, signOut } = useDesk();
  const open = available.value && connected.value;
  const waiting = queue.value.length;
  return (
    <header class="top">
      <h1>Desk</h1>
      <output class="visually-hidden">
        {waiting === 1 ? "1 member waits in the chat queue" : `${waiting} members wait in the chat queue`}
      </output>
      <button
        type="button"
        role="switch"
        class="switch"
        aria-checked={available.value}
        onClick={() => void setAvailable(!available.value)}
      >
        <span class="switch-track" aria-hidden="true" />
        Available for chat
      </button>
      <p class={open ? "state state-open" : "state"}>{stateText(open, connected.value)}</p>
      <span class="top-space" />
      <span class="who">{agent.value?.name}</span>
      <button type="button" class="quiet" onClick={() => void signOut()}>
        Sign out
      </button>
    </header>
  );
}

function stateText(open: boolean, connected: boolean): string {
  if (!connected) return "Connecting…";
  return open ? "Members can chat with you" : "You are not available for chats";
}
