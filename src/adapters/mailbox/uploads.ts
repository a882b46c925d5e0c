import type { UploadsApi } from "../../core/contract/adapter.ts";
import { AdapterError } from "../../core/contract/errors.ts";
import { cleanFileName } from "../../core/contract/file-name.ts";
import { limits, checkFile, type HeldFiles } from "../../adapter/index.ts";
import { attachmentOf, openAt, ownFiles, unknownAttachment } from "./bodies.ts";
import { askerOf, ownThread, type Desk } from "./desk.ts";
import { partsOf } from "./parts.ts";

export function createUploads(desk: Desk, files: HeldFiles): Required<UploadsApi> {
  const { maxFileBytes, maxFiles } = desk.settings;
  const most = Math.max(maxFileBytes, limits.FILE_BYTES);
  return {
    limits: { maxBytes: maxFileBytes, maxFiles },

    async upload(file, ctx) {
      const { id } = askerOf(ctx);
      checkFile(file, maxFileBytes);
      const clean = new File([file], cleanFileName(file.name), { type: file.type });
      const held = await files.hold(clean, id, ctx.clientId, ctx.signal);
      ctx.onProgress?.(1);
      return held;
    },

    async download(attachmentId, ctx) {
      const held = await files.find(attachmentId, askerOf(ctx).id);
      if (held) return held;
      const [, threadId, key, part] = /^([0-9a-v]{10})-([am][0-9a-v]{16})-(\d[\d.]{0,40})$/.exec(attachmentId) ?? [];
      if (threadId === undefined || key === undefined || part === undefined) throw unknownAttachment(attachmentId);
      const { steps } = await ownThread(desk, threadId, ctx);
      const step = steps.find(({ entry }) => entry.key === key);
      if (!step || step.entry.kind === "bounce") throw unknownAttachment(attachmentId);
      const { place, entry } = step;
      return await desk.link.read(ctx.signal, async (client) => {
        if (!(await openAt(client, place))) throw unknownAttachment(attachmentId);
        const found = await client.fetchOne(`${place.uid}`, { uid: true, bodyStructure: true }, { uid: true });
        const shown = entry.record
          ? ownFiles(threadId, key, entry.record)
          : partsOf((found && found.bodyStructure) || { type: "" }).files.map((one) =>
              attachmentOf(threadId, key, one),
            );
        const file = shown.find(({ id }) => id === attachmentId);
        if (!file) throw unknownAttachment(attachmentId);
        if (file.bytes > most) throw new AdapterError("too-large", `the file "${file.id}" has more than ${most} bytes`);
        const options = { uid: true, decodeText: false, maxBytes: most + 1, chunkSize: 1024 * 1024 };
        const { content } = await client.download(`${place.uid}`, part, options);
        if (!content) throw unknownAttachment(attachmentId);
        const pieces: Buffer<ArrayBuffer>[] = [];
        for await (const piece of content) pieces.push(Buffer.from(piece));
        return new File(pieces, file.name, { type: file.type });
      });
    },
  };
}
