import type { Inspection } from "../../loader/app.ts";
import type { ReportDetails } from "../../loader/report.ts";

interface Inside extends Pick<ReportDetails, "identity" | "streams" | "errors"> {
  /** By part; undefined while there is no adapter. */
  readonly desk: ReportDetails["desk"] | undefined;
  /** Why the gateway's answer about the person failed. */
  readonly code: string | undefined;
}

/** What the running models say, by kind and number: nothing of a person. */
export function insideOf(inspected: Inspection | undefined): Inside {
  if (!inspected) return { identity: "unknown", streams: {}, errors: {}, desk: undefined, code: undefined };
  const { widget, errors } = inspected;
  const state = widget.session.state.peek();
  return {
    identity: identityOf(state),
    streams: streamsOf(widget),
    errors: Object.fromEntries(errors),
    desk: state.status === "ready" ? deskOf(state.adapter) : undefined,
    code: state.status === "failed" ? state.code : undefined,
  };
}

type Widget = Inspection["widget"];
type State = Widget["session"]["state"]["value"];

function identityOf(state: State): ReportDetails["identity"] {
  if (state.status === "connecting") return "unknown";
  if (state.status === "failed") return "failed";
  const { member } = state.session;
  if (!member) return "nobody";
  return member.guest ? "guest" : "member";
}

function streamsOf(widget: Widget): ReportDetails["streams"] {
  const tickets = widget.tickets.peek()?.connection.peek();
  const chat = widget.chat.peek();
  const status = chat?.conversation.peek()?.status;
  const isChatting = status === "queued" || status === "active";
  return { ...(tickets && { tickets }), ...(chat && isChatting && { chat: chat.connection.peek() }) };
}

/** The methods of each part, since presence is the capability. */
function deskOf(adapter: Extract<State, { status: "ready" }>["adapter"]): ReportDetails["desk"] {
  const parts = ["tickets", "chat", "uploads", "articles", "accounts"] as const;
  return Object.fromEntries(
    parts.flatMap((part) => (adapter[part] ? [[part, Object.keys(adapter[part]).join(", ")]] : [])),
  );
}
