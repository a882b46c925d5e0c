import type { ImapFlow } from "imapflow";
import { createTransport } from "nodemailer";
import type { Finding } from "../../core/contract/adapter.ts";
import { attempt, fault, good } from "../../adapter/index.ts";
import { domainOf } from "./addresses.ts";
import type { Desk } from "./desk.ts";
import { smtpFault } from "./faults.ts";
import { transportOf } from "./outbox.ts";
import { pause } from "./pause.ts";

interface Round {
  readonly finding: Finding;
  /** As the mail arrived; empty if it did not. */
  readonly headers: string;
}

const LOOK_MS = 500;

/** Sends a mail to an address with a token, as the desk will, and deletes it from the mailbox when it has arrived. */
export async function checkRound({ settings, seal, link }: Desk, signal: AbortSignal): Promise<Round> {
  const { smtp, callMs, address, inbox } = settings;
  const token = seal.token(seal.threadId("podpora check", crypto.randomUUID()));
  const to = address.replace("*", token);
  const messageId = `<${token}.check@${domainOf(address)}>`;
  const mail = { from: to, to, subject: "podpora check", text: "This mail may be deleted.", messageId };
  const headers = { "Auto-Submitted": "auto-generated" };
  const sent = await attempt(createTransport(transportOf(settings)).sendMail({ ...mail, headers }), signal);
  if ("error" in sent) {
    const { message } = smtpFault(sent.error, smtp, false);
    const fix = `Allow ${smtp.user} to send from every address "${address}".`;
    return { finding: fault(`No mail can be sent from ${shown(address)}: ${message}`, fix), headers: "" };
  }
  const until = AbortSignal.any([signal, AbortSignal.timeout(callMs)]);
  while (!until.aborted) {
    for (const name of inbox) {
      // oxlint-disable-next-line no-await-in-loop -- looked for again and again
      const arrived = await link.write(signal, async (client) => await takeOut(client, name, messageId));
      if (arrived === undefined) continue;
      return { finding: good(`A mail to ${shown(address)} was sent, and arrived in "${name}"`), headers: arrived };
    }
    // oxlint-disable-next-line no-await-in-loop -- as above
    await pause(LOOK_MS, until);
  }
  signal.throwIfAborted();
  const text = `A mail to ${shown(address)} was sent, but did not arrive in ${inbox.join(", ")} within ${callMs} ms`;
  const fix = 'Let the server deliver addresses with a "+" to this mailbox, or use a catch-all domain.';
  return { finding: fault(text, fix), headers: "" };
}

async function takeOut(client: ImapFlow, folder: string, messageId: string): Promise<string | undefined> {
  await client.mailboxOpen(folder);
  const [uid] = (await client.search({ header: { "message-id": messageId } }, { uid: true })) || [];
  if (uid === undefined) return undefined;
  const found = await client.fetchOne(`${uid}`, { uid: true, headers: ["dkim-signature"] }, { uid: true });
  await client.messageDelete(`${uid}`, { uid: true });
  return found ? (found.headers?.toString("latin1") ?? "") : "";
}

const shown = (address: string): string => `"${address.replace("*", "…")}"`;
