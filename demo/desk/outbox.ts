import { access, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { AdapterError } from "../../src/core/contract/errors.ts";
import { writeDurably } from "./file-store.ts";
import { storageError } from "./storage-error.ts";

export interface Mail {
  /** Lower-case letters, digits and dashes. The same id is sent once. */
  readonly id: string;
  readonly to: { readonly name: string; readonly address: string };
  readonly subject: string;
  readonly text: string;
}

/** Stands in for a mail server: a folder with one file per message. */
export interface Outbox {
  /** Rejects with `invalid` if the address is malformed. When it resolves, the message is on the disk. */
  put(mail: Mail, signal: AbortSignal): Promise<void>;
}

// RFC 6532 allows more than ASCII. Neither part may contain header or address delimiters.
const address = /^[^\s@<>(),:;"[\]\\\p{Cc}]+@[^\s@<>(),:;"[\]\\\p{Cc}]+$/u;

export function createOutbox(directory: string, now: () => number): Outbox {
  const folder = join(directory, "outbox");

  const onTheWay = new Map<string, Promise<void>>();

  async function write(name: string, message: string, signal: AbortSignal): Promise<void> {
    try {
      await mkdir(folder, { recursive: true });
      if (await isThere(join(folder, name))) return;
      // A leftover of a crash; no other process is writing it.
      await rm(join(folder, `${name}.part`), { force: true });
      await writeDurably(folder, name, new File([message], name), { signal });
    } catch (error) {
      signal.throwIfAborted();
      throw storageError(error);
    }
  }

  return {
    async put(mail, signal) {
      const name = `${mail.id}.eml`;
      const message = messageOf(mail, now());
      const writing = onTheWay.get(name) ?? write(name, message, signal).finally(() => onTheWay.delete(name));
      onTheWay.set(name, writing);
      await writing;
    },
  };
}

function messageOf({ id, subject, text, to }: Mail, now: number): string {
  if (!address.test(to.address)) {
    const message = "The member has no e-mail address that mail can go to.";
    throw new AdapterError("invalid", message, { fields: { email: message } });
  }
  return [
    `Date: ${new Date(now).toUTCString().replace("GMT", "+0000")}`,
    "From: Podpora <desk@localhost>",
    `To: ${to.name === "" ? "" : `${encodedWords(to.name)} `}<${to.address}>`,
    `Message-ID: <${id}@localhost>`,
    `Subject: ${encodedWords(subject)}`,
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: base64",
    "",
    ...(base64(text.replaceAll(/\r?\n/g, "\r\n")).match(/.{1,76}/g) ?? []),
    "",
  ].join("\r\n");
}

async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

/** RFC 2047: at most 75 characters per word, and no character is split. */
function encodedWords(text: string): string {
  const words: string[] = [];
  let word = "";
  for (const character of text) {
    if (Buffer.byteLength(word + character) > 45) {
      words.push(word);
      word = "";
    }
    word += character;
  }
  return [...words, word].map((each) => `=?UTF-8?B?${base64(each)}?=`).join("\r\n ");
}
