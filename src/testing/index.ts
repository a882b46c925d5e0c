export { fakeDesk, sendJson, type FakeDesk } from "./fake-desk.ts";
export { describeAdapter } from "./contract.ts";
export { withGateway } from "./with-gateway.ts";
export type {
  Backend,
  Contract,
  ConversationRecord,
  FileRecord,
  Gap,
  MessageRecord,
  Subject,
  TicketRecord,
} from "./subject.ts";
