import { createTransport } from "nodemailer";
import type { Finding } from "../../core/contract/adapter.ts";
import { isAdapterError } from "../../core/contract/errors.ts";
import { attempt, fault, good, risk } from "../../adapter/index.ts";
import { checkDomain, type Resolve } from "./check-domain.ts";
import { checkRound } from "./check-round.ts";
import { domainOf } from "./addresses.ts";
import type { Desk } from "./desk.ts";
import { isMissingFolder, smtpFault } from "./faults.ts";
import { MAILS_MOST } from "./mail-index.ts";
import { transportOf } from "./outbox.ts";

export function createCheck(desk: Desk, resolve: Resolve): (signal: AbortSignal) => AsyncIterable<Finding> {
  const { settings, link } = desk;
  const { imap, smtp, inbox, folder, outbox } = settings;

  /** How many mails the folder has; undefined if there is no such folder. */
  async function count(name: string, signal: AbortSignal): Promise<number | undefined> {
    const opened = link.read(signal, async (client) => (await client.mailboxOpen(name, { readOnly: true })).exists);
    return await opened.catch((error: unknown) => {
      if (isMissingFolder(error)) return undefined;
      throw error;
    });
  }

  async function* checkFolders(signal: AbortSignal): AsyncIterable<Finding> {
    for (const name of inbox) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other, in the order of the option
      const mails = await count(name, signal);
      if (mails === undefined) {
        yield fault(`The mailbox has no folder "${name}"`, 'Create it, or name another in the option "inbox".');
      } else if (mails > MAILS_MOST) {
        const fix = "Move old mails to a folder that is not read.";
        yield risk(`"${name}" has ${mails} mails: only the ${MAILS_MOST} newest are read`, fix);
      } else yield good(`"${name}" is read: ${mails} mails`);
    }
    const sent = await count(folder, signal);
    yield good(
      sent === undefined ? `"${folder}" will be created with the first ticket` : `"${folder}" has ${sent} mails`,
    );
    const left = await count(outbox, signal);
    if (left === undefined || left === 0) return;
    const fix = `Check at the desk which of them arrived, and move those to "${folder}"; delete the others.`;
    yield risk(`"${outbox}" has ${left} mails: it is not known whether they were sent`, fix);
  }

  return async function* check(signal) {
    const login = await attempt(
      link.read(signal, async (client) => await client.noop()),
      signal,
    );
    if ("error" in login) {
      yield fault(wordsOf(login.error), "Check the option imap, and whether the account may use IMAP.");
      return;
    }
    yield good(`The mailbox at ${imap.host} accepts ${imap.user}`);
    yield* checkFolders(signal);

    const verified = await attempt(createTransport(transportOf(settings)).verify(), signal);
    if ("error" in verified) {
      const words = wordsOf(smtpFault(verified.error, smtp, false));
      yield fault(words, "Check the option smtp, and whether the account may send.");
      return;
    }
    yield good(`${smtp.host} accepts ${smtp.user} for sending`);
    const { finding, headers } = await checkRound(desk, signal);
    yield finding;
    yield* checkDomain(domainOf(settings.address), headers, resolve, signal);
  };
}

function wordsOf(error: unknown): string {
  if (!isAdapterError(error)) throw error;
  const [first = "", ...rest] = error.message;
  return first.toUpperCase() + rest.join("");
}
