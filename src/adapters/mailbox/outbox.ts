import type { ImapFlow, MailboxObject } from "imapflow";
import { createTransport } from "nodemailer";
import { isAdapterError, type AdapterError } from "../../core/contract/errors.ts";
import { createBreaker, type Outcome } from "../../adapter/index.ts";
import { domainOf } from "./addresses.ts";
import type { Outgoing } from "./compose.ts";
import { isMissing, isRefused, isSenderRefused, isSmtpAway, smtpFault } from "./faults.ts";
import type { Link } from "./link.ts";
import type { Settings } from "./options.ts";

/** Sends, and stores a copy. */
export interface Outbox {
  /**
   * Resolves once the mail is sent and its copy is in the final folder. The copy is put into the outbox first, so that
   * a full mailbox refuses before anything is sent, and mails with an unknown outcome can be seen there.
   */
  send(mail: Outgoing): Promise<void>;
}

export function createOutbox(link: Link, settings: Settings, closed: AbortSignal): Outbox {
  const { smtp, callMs, folder, outbox } = settings;
  const guard = createBreaker("the SMTP server");
  const transport = createTransport(transportOf(settings));

  /** The copy of this attempt, or of an earlier one with an unknown outcome. */
  async function put({ messageId, kept }: Outgoing): Promise<{ readonly uid: number; readonly isNew: boolean }> {
    return await link.write(closed, async (client) => {
      // Before anything is sent: the folder of the copy must exist.
      await openOrMake(client, folder);
      const { exists } = await openOrMake(client, outbox);
      const before = exists > 0 ? await find(client, messageId) : undefined;
      if (before !== undefined) return { uid: before, isNew: false };
      const made = await client.append(outbox, kept, [String.raw`\Seen`]);
      const uid = made ? (made.uid ?? (await find(client, messageId))) : undefined;
      if (uid === undefined) throw new Error(`"${outbox}" has not stored the mail`);
      return { uid, isNew: true };
    });
  }

  async function hand({ envelope, sender, sent }: Outgoing): Promise<void> {
    const deadline = AbortSignal.timeout(callMs);
    let isBegun = false;
    const give = async (from: string) =>
      await transport.sendMail({ envelope: { ...envelope, from }, raw: sent, signal: deadline });

    async function send(): Promise<Outcome<true>> {
      isBegun = true;
      try {
        await give(envelope.from).catch(async (cause: unknown) => {
          // Some servers require one.
          if (envelope.from !== "" || !isSenderRefused(cause)) throw cause;
          await give(sender);
        });
        return { value: true };
      } catch (cause) {
        const isAway = deadline.aborted || isSmtpAway(cause);
        return { error: smtpFault(cause, smtp, deadline.aborted), isAway, mayRepeat: false };
      }
    }
    try {
      await guard.run(send, { signal: closed, deadline, isRead: false });
    } catch (error) {
      throw isAdapterError(error) ? error : smtpFault(isBegun ? error : undefined, smtp, true);
    }
  }

  async function take(uid: number, move: (client: ImapFlow) => Promise<unknown>): Promise<void> {
    await link.write(closed, async (client) => {
      await client.mailboxOpen(outbox);
      if ((await move(client)) === false) throw new Error(`mail ${uid} could not be removed from "${outbox}"`);
    });
  }

  return {
    async send(mail) {
      const { uid, isNew } = await put(mail);
      try {
        await hand(mail);
      } catch (error) {
        if (isNew && isAdapterError(error) && isUnsent(error)) {
          await take(uid, async (client) => await client.messageDelete(`${uid}`, { uid: true })).catch(() => undefined);
        }
        throw error;
      }
      const move = async (client: ImapFlow) => await client.messageMove(`${uid}`, folder, { uid: true });
      // It is sent: do not send it again because the connection was lost.
      await take(uid, move).catch(async () => await take(uid, move));
    },
  };
}

/** Whether the desk certainly does not have it. A call that never started has no cause. */
function isUnsent(error: AdapterError): boolean {
  return error.cause === undefined || isRefused(error.cause);
}

async function openOrMake(client: ImapFlow, name: string): Promise<MailboxObject> {
  try {
    return await client.mailboxOpen(name);
  } catch (error) {
    if (!isMissing(error)) throw error;
    await client.mailboxCreate(name);
    return await client.mailboxOpen(name);
  }
}

async function find(client: ImapFlow, messageId: string): Promise<number | undefined> {
  const found = await client.search({ header: { "message-id": messageId } }, { uid: true });
  return found ? found.at(-1) : undefined;
}

/** A name in the site's domain: some servers require one. */
export function transportOf({ smtp, callMs, address }: Settings) {
  const { host, port, user, password, security } = smtp;
  const domain = domainOf(address);
  return {
    host,
    port,
    secure: security === "tls",
    requireTLS: security === "starttls",
    ignoreTLS: security === "none",
    auth: { user, pass: password },
    name: domain,
    connectionTimeout: callMs,
    greetingTimeout: callMs,
    socketTimeout: callMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
