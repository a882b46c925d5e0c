export { describeAdapter } from "./contract.ts";
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
