import { expect } from "vitest";
import type { UploadsApi } from "../core/contract/adapter.ts";
import { by, chatRequest, refusal, uuid, type Case, type Stage, type With } from "./case.ts";

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** A file with a picture's signature but random content, of any size; no two are equal. */
export function picture(name = "slika.png", size = 2048): File {
  const bytes = crypto.getRandomValues(new Uint8Array(size));
  bytes.set(PNG);
  return new File([bytes], name, { type: "image/png" });
}

async function bytesOf(blob: Blob): Promise<Uint8Array> {
  return new Uint8Array(await blob.arrayBuffer());
}

export function uploadsOf<K extends keyof UploadsApi = never>(
  stage: Stage,
  ...names: readonly K[]
): UploadsApi & With<UploadsApi, K> {
  return stage.need(stage.mine.uploads, ...names);
}

export const uploadCases: readonly Case[] = [
  {
    title: "a picture reaches the desk with its ticket, byte for byte",
    async run(stage) {
      const { me, mine, backend } = stage;
      const tickets = stage.need(mine.tickets);
      const file = picture("Zaslon – čžš.png", 50_000);
      const fractions: number[] = [];
      const attachment = await uploadsOf(stage).upload(file, {
        ...by(me),
        clientId: uuid(),
        onProgress: (fraction) => void fractions.push(fraction),
      });
      expect(attachment).toMatchObject({ name: "Zaslon – čžš.png", bytes: 50_000, type: "image/png" });
      const draft = { ...stage.draft(), attachments: [attachment.id] };
      const ticket = await tickets.create(draft, by(me));
      const record = await backend.ticket(ticket.id);
      expect(record?.attachments.map(({ name, type }) => [name, type])).toEqual([["Zaslon – čžš.png", "image/png"]]);
      expect(Buffer.from(record?.attachments[0]?.bytes ?? []).equals(Buffer.from(await bytesOf(file)))).toBe(true);
      expect(fractions).toEqual(fractions.toSorted((left, right) => left - right));
      for (const fraction of fractions) expect(fraction).toBeGreaterThanOrEqual(0);
      if (fractions.length > 0) expect(fractions.at(-1)).toBe(1);
    },
  },
  {
    title: "a file on a reply shows in the thread and downloads unchanged",
    async run(stage) {
      const { me, mine } = stage;
      const uploads = uploadsOf(stage);
      const tickets = stage.need(mine.tickets, "reply", "thread");
      const file = picture();
      const attachment = await uploads.upload(file, by(me));
      const ticket = await tickets.create(stage.draft(), by(me));
      const draft = { clientId: uuid(), text: "See here", attachments: [attachment.id] };
      await tickets.reply(ticket.id, draft, by(me));
      const thread = await tickets.thread(ticket.id, undefined, by(me));
      const shown = thread?.items.at(-1)?.attachments ?? [];
      expect(shown).toMatchObject([{ name: "slika.png", bytes: 2048, type: "image/png" }]);
      if (uploads.download) {
        const blob = await uploads.download(shown[0]?.id ?? "", by(me));
        expect(await bytesOf(blob)).toEqual(await bytesOf(file));
      }
    },
  },
  {
    title: "a reply may have files and no text, but not be empty",
    async run(stage) {
      const { me, mine, backend } = stage;
      const uploads = uploadsOf(stage);
      const tickets = stage.need(mine.tickets, "reply");
      const { id } = await tickets.create(stage.draft(), by(me));
      await refusal(tickets.reply(id, { clientId: uuid(), text: " \n" }, by(me)), "invalid");
      const attachment = await uploads.upload(picture(), by(me));
      const draft = { clientId: uuid(), text: "", attachments: [attachment.id] };
      expect(await tickets.reply(id, draft, by(me))).toMatchObject({ attachments: [{ id: attachment.id }] });
      expect((await backend.ticket(id))?.attachments).toHaveLength(1);
    },
  },
  {
    title: "a file in a chat message arrives with it",
    async run(stage) {
      const { me, mine } = stage;
      const chat = stage.need(mine.chat);
      const attachment = await uploadsOf(stage).upload(picture(), by(me));
      const { id } = await chat.open(chatRequest(me), by(me));
      const draft = { clientId: uuid(), text: "See here", attachments: [attachment.id] };
      const message = await chat.send(id, draft, by(me));
      expect(message.attachments).toMatchObject([{ name: "slika.png", bytes: 2048 }]);
    },
  },
  {
    title: "a file can be downloaded only by members who may see it",
    async run(stage) {
      const { me, them, theirs } = stage;
      const uploads = uploadsOf(stage, "download");
      const attachment = await uploads.upload(picture(), by(me));
      const other = stage.need(theirs.uploads, "download");
      await refusal(other.download(attachment.id, by(them)), "not-found");
      await refusal(uploads.download(uuid(), by(me)), "not-found");
      await refusal(uploads.download("../../etc/passwd", by(me)), "not-found");
    },
  },
  {
    title: "another member's file is refused in a draft, like an unknown one",
    async run(stage) {
      const { me, them, theirs, backend } = stage;
      const attachment = await uploadsOf(stage).upload(picture(), by(me));
      const tickets = stage.need(theirs.tickets);
      const before = await backend.ticketCount();
      const attempt = async (attachments: readonly string[]) =>
        await refusal(tickets.create({ ...stage.draft(), attachments }, by(them)), "not-found", "invalid");
      expect(await attempt([attachment.id])).toBe(await attempt([uuid()]));
      expect(await backend.ticketCount()).toBe(before);
      if (tickets.reply) {
        const ticket = await tickets.create(stage.draft(), by(them));
        const draft = { clientId: uuid(), text: "x", attachments: [attachment.id] };
        await refusal(tickets.reply(ticket.id, draft, by(them)), "not-found", "invalid");
        expect((await backend.ticket(ticket.id))?.attachments).toEqual([]);
      }
    },
  },
  {
    title: "a file over the limit is refused as too large",
    async run(stage) {
      const { maxBytes } = stage.need(uploadsOf(stage).limits, "maxBytes");
      const tail = new Uint8Array(maxBytes + 1 - PNG.length);
      const file = new File([new Uint8Array(PNG), tail], "big.png", { type: "image/png" });
      await refusal(uploadsOf(stage).upload(file, by(stage.me)), "too-large");
    },
  },
  {
    title: "a file of a type that the desk does not accept is refused as invalid",
    async run(stage) {
      const uploads = uploadsOf(stage);
      stage.need(uploads.limits, "accept");
      const file = new File(["MZ"], "setup.exe", { type: "application/x-msdownload" });
      await refusal(uploads.upload(file, by(stage.me)), "invalid");
    },
  },
  {
    title: "more files than the limit are refused",
    async run(stage) {
      const { me, mine, backend } = stage;
      const uploads = uploadsOf(stage);
      const tickets = stage.need(mine.tickets);
      const { maxFiles } = stage.need(uploads.limits, "maxFiles");
      const files = Array.from({ length: maxFiles + 1 }, (_, index) => picture(`${index}.png`, 16));
      const attachments = await Promise.all(files.map((file) => uploads.upload(file, by(me))));
      const before = await backend.ticketCount();
      const ids = attachments.map((attachment) => attachment.id);
      await refusal(tickets.create({ ...stage.draft(), attachments: ids }, by(me)), "invalid", "too-large");
      expect(await backend.ticketCount()).toBe(before);
    },
  },
  {
    title: "an upload with an already aborted signal rejects with the signal's reason",
    async run(stage) {
      const uploads = uploadsOf(stage);
      const reason = new Error("closed");
      const ctx = by(stage.me, AbortSignal.abort(reason));
      await expect(uploads.upload(picture(), ctx)).rejects.toBe(reason);
      if (uploads.download) await expect(uploads.download("1", ctx)).rejects.toBe(reason);
    },
  },
];
