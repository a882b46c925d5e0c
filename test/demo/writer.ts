// Run as a process by durability.test.ts: writes until it is killed, and prints each acknowledgement.
import { createHash, randomBytes } from "node:crypto";
import { openDesk } from "../../demo/desk/desk.ts";
import { ana, by, draft, picture, request, ticketDraft } from "./desk.ts";

const [directory = "", round = "0"] = process.argv.slice(2);
const { adapter } = await openDesk({ directory });
const acknowledge = (ack: object) => void process.stdout.write(`${JSON.stringify(ack)}\n`);

for (let count = 0; ; count += 1) {
  const text = `round ${round}, number ${count}: č š ž`;
  const ticket = await adapter.tickets.create(ticketDraft(text, text), by(ana));
  acknowledge({ kind: "ticket", id: ticket.id, text });

  const reply = await adapter.tickets.reply(ticket.id, draft(`reply in ${text}`), by(ana));
  acknowledge({ kind: "reply", id: reply.id, ticketId: ticket.id, text: reply.text });

  const bytes = new Uint8Array(randomBytes(200_000));
  const attachment = await adapter.uploads.upload(picture(bytes), by(ana));
  acknowledge({ kind: "file", id: attachment.id, sha256: createHash("sha256").update(bytes).digest("hex") });

  const conversation = await adapter.chat.open(request(`question in ${text}`), by(ana));
  const message = await adapter.chat.send(conversation.id, draft(`chat in ${text}`), by(ana));
  acknowledge({ kind: "chat", id: message.id, conversationId: conversation.id, text: message.text });
}
