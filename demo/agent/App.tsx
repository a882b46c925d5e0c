import { ChatView } from "./ChatView.tsx";
import { useDesk } from "./context.ts";
import { Problem } from "./Problem.tsx";
import { SignIn } from "./SignIn.tsx";
import { ChatList } from "./ChatList.tsx";
import { TicketList } from "./TicketList.tsx";
import { TicketView } from "./TicketView.tsx";
import { TopBar } from "./TopBar.tsx";

export function App() {
  const { agent, calls, place } = useDesk();
  if (!calls()) return <SignIn />;
  const at = place.at.value;
  return (
    <div class={at ? "desk desk-open" : "desk"} aria-busy={!agent.value}>
      <TopBar />
      <nav class="lists" aria-label="Work">
        <ChatList />
        <TicketList />
      </nav>
      <main class="main" tabIndex={-1}>
        <Problem />
        {at?.kind === "ticket" && <TicketView key={at.id} id={at.id} />}
        {at?.kind === "chat" && <ChatView key={at.id} id={at.id} />}
        {!at && <p class="empty">Choose a chat or a ticket from the lists.</p>}
      </main>
    </div>
  );
}
