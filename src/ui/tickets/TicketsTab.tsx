import { ClosedArea } from "../account/ClosedArea.tsx";
import { useUi } from "../context.ts";
import { NotLoaded } from "../parts/NotLoaded.tsx";
import { TicketList } from "./TicketList.tsx";

export function TicketsTab() {
  const { later, widget } = useUi();
  const access = widget.session.session.value?.access.tickets;
  if (access && !access.allowed) return <ClosedArea area="tickets" access={access} />;

  const tickets = widget.tickets.value;
  const route = widget.route.value;
  if (!tickets || route.tab !== "tickets") return null;
  const submitted = tickets.submitted.value;
  // A desk that can't list tickets shows only the form.
  const asForm = route.view === "new" || !tickets.canList.value;
  if (route.view === "list" && !asForm) return <TicketList tickets={tickets} />;
  const screens = later.screens.value;
  if (!screens) return <NotLoaded load={() => later.load()} />;
  const { Submitted, TicketForm, TicketThread } = screens;
  if (route.view === "ticket") return <TicketThread tickets={tickets} id={route.id} />;
  if (submitted) return <Submitted ticket={submitted} canList={tickets.canList.value} />;
  return <TicketForm tickets={tickets} />;
}
