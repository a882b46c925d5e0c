import { ClosedArea } from "../account/ClosedArea.tsx";
import { useUi } from "../context.ts";
import { Submitted } from "./Submitted.tsx";
import { TicketForm } from "./TicketForm.tsx";
import { TicketList } from "./TicketList.tsx";
import { TicketThread } from "./TicketThread.tsx";

export function TicketsTab() {
  const { widget } = useUi();
  const access = widget.session.session.value?.access.tickets;
  if (access && !access.allowed) return <ClosedArea area="tickets" access={access} />;

  const tickets = widget.tickets.value;
  const route = widget.route.value;
  if (!tickets || route.tab !== "tickets") return null;
  const submitted = tickets.submitted.value;
  if (route.view === "ticket") return <TicketThread tickets={tickets} id={route.id} />;
  // A desk that can't list tickets has the form alone.
  const asForm = route.view === "new" || !tickets.canList.value;
  if (asForm && submitted) return <Submitted ticket={submitted} canList={tickets.canList.value} />;
  return asForm ? <TicketForm tickets={tickets} /> : <TicketList tickets={tickets} />;
}
