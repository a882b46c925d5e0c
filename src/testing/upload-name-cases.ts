import { expect } from "vitest";
import { by, refusal, type Case } from "./case.ts";
import { picture, uploadsOf } from "./upload-cases.ts";

/** Hostile and careless file names. */
const names = [
  "../../etc/passwd.png",
  String.raw`..\..\windows\system.png`,
  "/",
  "CON",
  "nul.png",
  `${"x".repeat(300)}.png`,
  "invoice\u202Egnp.exe",
  "a\u0000b\u0007c\u200Bd\n.png",
  "",
];

export const uploadNameCases: readonly Case[] = [
  {
    title: "a file arrives under any name, cleaned to one visible line that is no path or device name",
    async run(stage) {
      const { me, mine, backend } = stage;
      const uploads = uploadsOf(stage);
      const tickets = stage.need(mine.tickets);
      for (const name of names) {
        const file = picture(name, 64);
        // oxlint-disable-next-line no-await-in-loop -- one ticket each, as desks may limit the files per ticket
        const attachment = await uploads.upload(file, by(me));
        // oxlint-disable-next-line no-await-in-loop -- as above
        const ticket = await tickets.create(stage.draft({ attachments: [attachment.id] }), by(me));
        // oxlint-disable-next-line no-await-in-loop -- as above
        const [stored] = (await backend.ticket(ticket.id))?.attachments ?? [];
        expect(stored?.bytes.length, name).toBe(64);
        for (const shown of [attachment.name, stored?.name ?? ""]) {
          expect(shown, JSON.stringify(name)).toMatch(/^[^/\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]{1,255}$/u);
          expect(shown.trim(), JSON.stringify(name)).toBe(shown);
          expect(shown, JSON.stringify(name)).not.toMatch(/^(?:\.{1,2}$|(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$))/iu);
          if (name.endsWith(".png")) expect(shown).toMatch(/\.png$/);
        }
      }
    },
  },
  {
    title: "an empty file is refused as invalid",
    async run(stage) {
      const uploads = uploadsOf(stage);
      await refusal(uploads.upload(new File([], "empty.png", { type: "image/png" }), by(stage.me)), "invalid");
    },
  },
  {
    title: "a page that claims to be a picture is refused, or never returned as a page",
    async run(stage) {
      const uploads = uploadsOf(stage, "download");
      const page = new File(["<!doctype html><script>alert(1)</script>"], "slika.png", { type: "image/png" });
      const upload = uploads.upload(page, by(stage.me)).then(
        ({ id }) => id,
        async (error: unknown) => void (await refusal(Promise.reject(error), "invalid")),
      );
      const id = await upload;
      if (id === undefined) return;
      const blob = await uploads.download(id, by(stage.me));
      expect(blob.type).not.toMatch(/html|xml|svg|script/i);
    },
  },
];
